package dev.skein.runtime.secret;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.skein.runtime.secret.SecretException.Code;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;

/// The key that the secrets are sealed with. It is new with every rotation, and written down only
/// locked with the master key.
final class DataKey {
  private static final Configuration TINK = AeadConfig2026.get();
  private static final byte[] KEYSET = utf8("skein keyset 1");

  private final KeysetHandle keyset;
  private final Aead aead;

  private DataKey(KeysetHandle keyset) throws GeneralSecurityException {
    this.keyset = keyset;
    this.aead = keyset.getPrimitive(TINK, Aead.class);
  }

  static DataKey random() {
    try {
      return new DataKey(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, TINK));
    } catch (GeneralSecurityException e) {
      throw broken(e);
    }
  }

  /// @throws GeneralSecurityException if it was not locked with that key
  static DataKey unlocked(byte[] locked, MasterKey by) throws GeneralSecurityException {
    return new DataKey(TinkProtoKeysetFormat.parseEncryptedKeyset(locked, by.aead(), KEYSET, TINK));
  }

  byte[] locked(MasterKey by) {
    try {
      return TinkProtoKeysetFormat.serializeEncryptedKeyset(keyset, by.aead(), KEYSET, TINK);
    } catch (GeneralSecurityException e) {
      throw broken(e);
    }
  }

  /// Name and time are sealed with the value: no secret opens in the place of another.
  byte[] seal(String name, Instant changed, String value) {
    try {
      return aead.encrypt(utf8(value), context(name, changed));
    } catch (GeneralSecurityException e) {
      throw broken(e);
    }
  }

  String open(String name, Instant changed, byte[] sealed) {
    try {
      return new String(aead.decrypt(sealed, context(name, changed)), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new SecretException(
          Code.DAMAGED,
          "the secret '%s' was changed by something else than skein; set it again: skein secret set %s"
              .formatted(name, name),
          e);
    }
  }

  private static byte[] context(String name, Instant changed) {
    return utf8("skein secret 1\n" + name + "\n" + changed);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static IllegalStateException broken(GeneralSecurityException e) {
    return new IllegalStateException("This JDK can't encrypt with AES-GCM; mend its settings", e);
  }
}
