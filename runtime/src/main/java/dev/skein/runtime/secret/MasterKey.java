package dev.skein.runtime.secret;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import dev.skein.runtime.secret.SecretException.Code;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The key that all else is locked with. It is kept outside of the data directory, so that a copy
/// of that gives nothing away.
///
/// @param origin where it was found
record MasterKey(SecretBytes bytes, String origin) {
  static final int BYTES = 32;

  private static final int ID_BYTES = 8;

  // no prefix: the file says itself which key it needs
  private static final AesGcmParameters AES_256_GCM = parameters();

  /// @param text the key in base64
  static MasterKey of(String text, String origin) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text.strip());
    } catch (IllegalArgumentException e) {
      bytes = new byte[0]; // the cause would quote the key
    }
    if (bytes.length != BYTES) {
      throw new SecretException(
          Code.INVALID_KEY,
          origin
              + " does not hold a key of 32 bytes in base64; make one with: openssl rand -base64 32");
    }
    return new MasterKey(SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()), origin);
  }

  static MasterKey random(String origin) {
    return new MasterKey(SecretBytes.randomBytes(BYTES), origin);
  }

  /// As [#of] reads it.
  String text() {
    return Base64.getEncoder().encodeToString(bytes.toByteArray(InsecureSecretKeyAccess.get()));
  }

  /// Tells keys apart without telling anything of them.
  String id() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes.toByteArray(InsecureSecretKeyAccess.get()), "HmacSHA256"));
      byte[] digest = mac.doFinal("skein master key".getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no HmacSHA256; mend its settings", e);
    }
  }

  @AccessesPartialKey
  Aead aead() throws GeneralSecurityException {
    AesGcmKey key = AesGcmKey.builder().setParameters(AES_256_GCM).setKeyBytes(bytes).build();
    return KeysetHandle.newBuilder()
        .setConfiguration(AeadConfig2026.get())
        .addEntry(KeysetHandle.importKey(key).withFixedId(1).makePrimary())
        .build()
        .getPrimitive(AeadConfig2026.get(), Aead.class);
  }

  private static AesGcmParameters parameters() {
    try {
      return AesGcmParameters.builder()
          .setKeySizeBytes(BYTES)
          .setIvSizeBytes(12)
          .setTagSizeBytes(16)
          .setVariant(AesGcmParameters.Variant.NO_PREFIX)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM is not as it always was", e);
    }
  }

  @Override
  public String toString() {
    return "MasterKey[" + origin + "]";
  }
}
