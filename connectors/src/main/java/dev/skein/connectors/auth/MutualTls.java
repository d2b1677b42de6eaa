package dev.skein.connectors.auth;

import dev.skein.connectors.http.HttpCallException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A certificate by which this client is known to the server.
///
/// All texts are PEM: `certificate` is the client's own, followed by those that vouch for it; `key`
/// is its private key, PKCS #8 without a password (`PRIVATE KEY`), RSA, EC or EdDSA; `ca` are the
/// only ones that may vouch for the server, in place of those that the JDK trusts.
record MutualTls(String certificate, String key, @Nullable String ca) implements Policy {
  private static final String ALIAS = "client";
  // the store lives in memory only
  private static final char[] NO_PASSWORD = new char[0];
  private static final byte[] SAMPLE = {1, 2, 3};

  static MutualTls of(Properties of) throws HttpCallException {
    return new MutualTls(of.required("certificate"), of.required("key"), of.optional("ca"));
  }

  /// A context that shows the certificate to servers that ask for it.
  SSLContext context() throws HttpCallException {
    List<X509Certificate> chain = certificates("certificate", certificate);
    PrivateKey secret = privateKey();
    try {
      if (!belong(secret, chain.getFirst().getPublicKey())) {
        throw wrong("key", "does not belong to the first certificate");
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(secret, chain), trust(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw wrong("certificate", "can't be used: " + e.getMessage());
    }
  }

  private static KeyManager[] keys(PrivateKey secret, List<X509Certificate> chain)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    store.setKeyEntry(ALIAS, secret, NO_PASSWORD, chain.toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, NO_PASSWORD);
    return keys.getKeyManagers();
  }

  /// Null for those that the JDK trusts.
  private TrustManager @Nullable [] trust()
      throws HttpCallException, GeneralSecurityException, IOException {
    if (ca == null) {
      return null;
    }
    KeyStore store = empty();
    for (X509Certificate authority : certificates("ca", ca)) {
      store.setCertificateEntry(authority.getSerialNumber() + " " + store.size(), authority);
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    return trust.getTrustManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<X509Certificate> certificates(String property, String pem)
      throws HttpCallException {
    try {
      return Pem.certificates(pem);
    } catch (Pem.Unreadable e) {
      throw wrong(property, e.getMessage());
    }
  }

  private PrivateKey privateKey() throws HttpCallException {
    try {
      return Pem.privateKey(key);
    } catch (Pem.Unreadable e) {
      throw wrong("key", e.getMessage());
    }
  }

  /// Whether one checks what the other signs.
  private static boolean belong(PrivateKey secret, PublicKey known)
      throws GeneralSecurityException {
    if (!secret.getAlgorithm().equals(known.getAlgorithm())) {
      return false;
    }
    Signature signature =
        Signature.getInstance(
            switch (secret.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> "EdDSA";
            });
    signature.initSign(secret);
    signature.update(SAMPLE);
    byte[] signed = signature.sign();
    signature.initVerify(known);
    signature.update(SAMPLE);
    return signature.verify(signed);
  }

  private static HttpCallException wrong(String property, @Nullable String what) {
    return HttpCallException.configuration(
        "'%s' of the authentication 'mtls' %s".formatted(property, what));
  }

  @Override
  public String toString() {
    return "MutualTls[***]";
  }
}
