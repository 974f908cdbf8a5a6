package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Failure.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Keeps redacted arguments out of one run's log. What is written of such a call is what may be
 * read, and a seal: with a key the call itself, encrypted; without one a name for it that means
 * something to this process only.
 *
 * <p>A call whose seal cannot be opened is <em>lost</em>: it stands in the history as it was
 * written and is told from others by its seal, but it can no longer be made. Thread-safe.
 */
final class SealedCalls {
  private static final String TOOL = "tool";
  private static final String ARGUMENTS = "arguments";
  private static final String SEAL = "seal";

  /** Tells a lost call from others that look alike; no argument has this name. */
  private static final String LOST = "\u0000seal";

  private static final String ENCRYPTED = "aes:";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final String runId;
  private final @Nullable SecretKey key;
  private final UnaryOperator<ToolCall> redaction;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, String> seals = new HashMap<>();
  private final Map<String, String> opened = new HashMap<>();
  private final Map<ToolCall, ToolCall> readable = new HashMap<>();
  private final Map<ToolCall, ToolCall> made = new HashMap<>();

  /**
   * @param key null if redacted arguments are not to be found again by another process
   * @param redaction what may be read of a call
   */
  SealedCalls(String runId, @Nullable SecretKey key, UnaryOperator<ToolCall> redaction) {
    this.runId = runId;
    this.key = key;
    this.redaction = redaction;
  }

  /** Whether another process can find the arguments again. */
  boolean outlivesProcess() {
    return key != null;
  }

  /** What may be read of a call. */
  synchronized ToolCall redacted(ToolCall call) {
    ToolCall known = readable.get(call);
    return known == null ? redaction.apply(call) : known;
  }

  static boolean isLost(ToolCall call) {
    return call.arguments().containsKey(LOST);
  }

  /** Notes that a lost call with an effect was made. */
  synchronized void made(ToolCall lost) {
    made.put(redacted(lost), lost);
  }

  /**
   * The lost call that was made and that cannot be told from this one, else this one. It may be the
   * same, and an effect is not repeated on the chance that it is not.
   */
  synchronized ToolCall orMadeBefore(ToolCall call) {
    ToolCall shown = redacted(call);
    return shown.equals(call) ? call : made.getOrDefault(shown, call);
  }

  /** The same members with every redacted call sealed. */
  synchronized Map<String, @Nullable Object> sealed(Map<String, @Nullable Object> members) {
    Map<String, @Nullable Object> sealed = new LinkedHashMap<>();
    members.forEach((name, value) -> sealed.put(name, sealedValue(value)));
    if (isCall(members)) {
      ToolCall call = call(members);
      ToolCall shown = redacted(call);
      sealed.put(ARGUMENTS, shown.arguments());
      if (!shown.equals(call)) {
        sealed.put(SEAL, seal(call));
      }
    }
    return sealed;
  }

  private @Nullable Object sealedValue(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return sealed(JsonValues.copyOf(map));
    }
    return value instanceof List<?> list ? sealedItems(list) : value;
  }

  private List<@Nullable Object> sealedItems(List<?> list) {
    List<@Nullable Object> sealed = new ArrayList<>();
    list.forEach(item -> sealed.add(sealedValue(item)));
    return sealed;
  }

  /** Members as they were before they were sealed, where the seals can be opened. */
  synchronized JournalData opened(JournalData data) {
    return data.with(opened(JsonValues.copyOf(data.all())));
  }

  private Map<String, @Nullable Object> opened(Map<String, @Nullable Object> members) {
    Map<String, @Nullable Object> whole = new LinkedHashMap<>();
    members.forEach((name, value) -> whole.put(name, openedValue(value)));
    if (isCall(members) && whole.remove(SEAL) instanceof String seal) {
      ToolCall shown = call(members);
      ToolCall call = open(shown, seal);
      readable.put(call, shown);
      whole.put(ARGUMENTS, call.arguments());
    }
    return whole;
  }

  private @Nullable Object openedValue(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return opened(JsonValues.copyOf(map));
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> items = new ArrayList<>();
      list.forEach(item -> items.add(openedValue(item)));
      return items;
    }
    return value;
  }

  private static boolean isCall(Map<String, @Nullable Object> members) {
    return members.get(TOOL) instanceof String && members.get(ARGUMENTS) instanceof Map<?, ?>;
  }

  private static ToolCall call(Map<String, @Nullable Object> members) {
    return new ToolCall(
        String.valueOf(members.get(TOOL)),
        JsonValues.copyOf((Map<?, ?>) members.getOrDefault(ARGUMENTS, Map.of())));
  }

  /** Equal calls have one seal, so that they are still equal when nobody can open it. */
  private String seal(ToolCall call) {
    if (call.arguments().get(LOST) instanceof String seal) {
      return seal;
    }
    String arguments = JournalData.write(call.arguments());
    return seals.computeIfAbsent(
        call.name() + " " + arguments,
        known -> {
          String seal = key == null ? UUID.randomUUID().toString() : encrypted(key, arguments);
          opened.put(seal, arguments);
          return seal;
        });
  }

  private ToolCall open(ToolCall shown, String seal) {
    String arguments = opened.get(seal);
    if (arguments == null && key != null && seal.startsWith(ENCRYPTED)) {
      arguments = decrypted(key, seal);
      opened.put(seal, arguments);
      seals.put(shown.name() + " " + arguments, seal);
    }
    if (arguments != null) {
      return new ToolCall(
          shown.name(), JsonValues.copyOf(JournalData.read("redacted arguments", arguments).all()));
    }
    Map<String, @Nullable Object> lost = new LinkedHashMap<>(shown.arguments());
    lost.put(LOST, seal);
    return new ToolCall(shown.name(), lost);
  }

  private String encrypted(SecretKey with, String arguments) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] text =
          cipher(Cipher.ENCRYPT_MODE, with, nonce)
              .doFinal(arguments.getBytes(StandardCharsets.UTF_8));
      byte[] all = new byte[nonce.length + text.length];
      System.arraycopy(nonce, 0, all, 0, nonce.length);
      System.arraycopy(text, 0, all, nonce.length, text.length);
      return ENCRYPTED + Base64.getEncoder().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new Journal.Failure(
          Reason.STORAGE, "journalKey: redacted arguments cannot be encrypted with it: " + e, e);
    }
  }

  private String decrypted(SecretKey with, String seal) {
    try {
      byte[] all = Base64.getDecoder().decode(seal.substring(ENCRYPTED.length()));
      byte[] nonce = new byte[NONCE_BYTES];
      System.arraycopy(all, 0, nonce, 0, NONCE_BYTES);
      byte[] text =
          cipher(Cipher.DECRYPT_MODE, with, nonce)
              .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
      return new String(text, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new Journal.Failure(
          Reason.CHANGED,
          "run "
              + runId
              + ": its redacted arguments cannot be read with this journalKey; resume it with the"
              + " key that it was begun with",
          e);
    }
  }

  /** Bound to the run: a seal that was moved to another run's log does not open there. */
  private Cipher cipher(int mode, SecretKey with, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, with, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(runId.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
