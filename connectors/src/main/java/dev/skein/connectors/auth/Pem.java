package dev.skein.connectors.auth;

import java.io.ByteArrayInputStream;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads PEM texts (RFC 7468): X.509 certificates, and private keys in PKCS #8 without a password.
/// Older forms of keys, which are bound to one algorithm, are refused with the command that
/// converts them. No message quotes what it read.
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private Pem() {}

  /// The text is not what it should be; the message is the end of a sentence.
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  private record Block(String label, String base64) {
    byte[] bytes() throws Unreadable {
      try {
        return Base64.getMimeDecoder().decode(base64);
      } catch (IllegalArgumentException e) {
        throw new Unreadable("holds a block that is not base64");
      }
    }
  }

  /// At least one.
  static List<X509Certificate> certificates(String pem) throws Unreadable {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(pem)) {
      if (block.label.equals("CERTIFICATE")) {
        certificates.add(certificate(block));
      }
    }
    if (certificates.isEmpty()) {
      throw new Unreadable("holds no PEM block CERTIFICATE");
    }
    return certificates;
  }

  private static X509Certificate certificate(Block block) throws Unreadable {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.bytes()));
    } catch (CertificateException e) {
      throw new Unreadable("holds a certificate that is not valid X.509");
    }
  }

  static PrivateKey privateKey(String pem) throws Unreadable {
    for (Block block : blocks(pem)) {
      switch (block.label) {
        case "PRIVATE KEY" -> {
          return privateKey(block.bytes());
        }
        case "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
            throw new Unreadable(
                "is of the form '%s'; convert it with: openssl pkcs8 -topk8 -nocrypt -in KEY"
                    .formatted(block.label));
        // a file may hold the certificate too
        default -> {}
      }
    }
    throw new Unreadable("holds no PEM block PRIVATE KEY");
  }

  private static PrivateKey privateKey(byte[] pkcs8) throws Unreadable {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        // it says itself which one it is of, but only to the right reader
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("This JDK has no " + algorithm + "; mend its settings", e);
      }
    }
    throw new Unreadable("is no private key of " + String.join(", ", ALGORITHMS));
  }

  private static List<Block> blocks(String pem) {
    List<Block> blocks = new ArrayList<>();
    Matcher found = BLOCK.matcher(pem);
    while (found.find()) {
      blocks.add(new Block(found.group(1), found.group(2)));
    }
    return blocks;
  }
}
