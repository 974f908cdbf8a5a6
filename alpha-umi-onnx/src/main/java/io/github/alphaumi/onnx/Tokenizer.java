package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Prompt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Text to token ids and back, for BPE (byte-level and SentencePiece) and Unigram vocabularies.
 * Encoding is that of the Hugging Face tokenizers library; the ids and texts are equal to its own.
 *
 * <p>Thread-safe until closed; {@link #close} waits for calls in progress. After that every method
 * throws {@link IllegalStateException}. Ids outside the vocabulary are an {@link
 * IllegalArgumentException}. In a text, a surrogate without its other half counts as U+FFFD.
 *
 * @see <a href="https://github.com/huggingface/tokenizers">tokenizers</a>
 */
public final class Tokenizer implements AutoCloseable {

  private final NativeTokenizer tokenizer;
  private final Vocabulary vocabulary;
  private final TextDecoder decoder;
  private final String source;
  private byte @Nullable [] json;
  private volatile @Nullable OrdinaryEncoder ordinary;
  private volatile boolean closed;

  private Tokenizer(byte[] json, String source) {
    TokenizerJson parsed = TokenizerJson.read(json, source);
    this.decoder = parsed.decoder();
    this.source = source;
    this.json = json;
    this.tokenizer = new NativeTokenizer(new String(json, StandardCharsets.UTF_8), source);
    this.vocabulary = parsed.vocabulary().with(normalized(parsed));
  }

  /** Added tokens that the normaliser has changed: they are decoded as they were changed. */
  private Map<Integer, String> normalized(TokenizerJson parsed) {
    Map<Integer, String> texts = new HashMap<>();
    for (String token : parsed.normalized()) {
      String[] found = tokenizer.tokens(token);
      int id = parsed.vocabulary().id(token).orElseThrow();
      if (found.length == 1 && !found[0].equals(token) && tokenizer.encode(token, false)[0] == id) {
        texts.put(id, found[0]);
      }
    }
    return texts;
  }

  /**
   * Loads the tokenizer that came with a model: of a Hugging Face folder (tokenizer.json), a
   * tokenizer.json itself, or a .gguf file. The caller closes it.
   *
   * @throws ModelFileException when there is none, or one that is broken or of an unsupported kind
   */
  public static Tokenizer load(Path model) {
    if (Files.isDirectory(model) && Files.exists(model.resolve("tokenizer.json"))) {
      return fromHuggingFace(model.resolve("tokenizer.json"));
    }
    if (String.valueOf(model.getFileName()).endsWith(".json")) {
      return fromHuggingFace(model);
    }
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      return checkpoint
          .tokenizer()
          .orElseThrow(
              () -> new ModelFileException(model, "has no tokenizer: add its tokenizer.json"));
    }
  }

  /**
   * Loads a tokenizer.json.
   *
   * @throws ModelFileException when it is missing, broken or of an unsupported kind
   */
  static Tokenizer fromHuggingFace(Path tokenizerJson) {
    try {
      return fromJson(Files.readAllBytes(tokenizerJson), tokenizerJson.toString());
    } catch (IOException e) {
      throw new ModelFileException(tokenizerJson + " cannot be read: " + e, e);
    }
  }

  /**
   * Loads the tokenizer in the metadata of a GGUF file (keys {@code tokenizer.ggml.*}).
   *
   * @throws ModelFileException when a key is missing or has an unsupported value
   */
  static Tokenizer fromGguf(Map<String, Object> metadata) {
    return fromJson(new GgufTokenizer(metadata).toJson(), "GGUF tokenizer");
  }

  /** Loads the UTF-8 text of a tokenizer.json; {@code source} names it in errors. */
  static Tokenizer fromJson(byte[] json, String source) {
    return new Tokenizer(json, source);
  }

  /** Encodes a text. Special tokens written in it are recognised; none are added. */
  public int[] encode(String text) {
    return tokenizer.encode(text, false);
  }

  /** As {@link #encode}, with the special tokens that the model wants around a text. */
  public int[] encodeWithSpecialTokens(String text) {
    return tokenizer.encode(text, true);
  }

  /**
   * Encodes text that is not trusted: a special token written in it becomes ordinary characters,
   * and nothing is added. Tokens that were added to the vocabulary without being special are
   * recognised.
   *
   * <p>The first text with a special token in it loads the tokenizer a second time, which then
   * stays in memory.
   */
  public int[] encodeOrdinary(String text) {
    int[] ids = tokenizer.encode(text, false);
    // Without a special token among the ids none was recognised, so there is nothing to undo.
    return vocabulary.hasSpecial(ids) ? ordinary().encode(text) : ids;
  }

  /**
   * Encodes a prompt as a model of this library is given it, with the special tokens that the model
   * wants around a text: as one text, as in training; but where a text of others holds what would
   * be read as a control token, part by part, with such tokens in it spelt out.
   */
  public int[] encode(Prompt prompt) {
    return isForged(prompt)
        ? IntStream.concat(
                Arrays.stream(encodeWithSpecialTokens("")),
                prompt.parts().stream().flatMapToInt(this::encode))
            .toArray()
        : encodeWithSpecialTokens(prompt.text());
  }

  private IntStream encode(Prompt.Part part) {
    return Arrays.stream(part.control() ? encode(part.text()) : encodeOrdinary(part.text()));
  }

  /** Whether there are other control tokens than the template's own, be it across parts. */
  private boolean isForged(Prompt prompt) {
    int[] own =
        prompt.parts().stream()
            .filter(Prompt.Part::control)
            .flatMapToInt(this::encode)
            .filter(this::isSpecial)
            .toArray();
    int[] all = Arrays.stream(encode(prompt.text())).filter(this::isSpecial).toArray();
    return !Arrays.equals(own, all);
  }

  /**
   * Encodes what goes on after a prompt, as a model should write it: untrusted text, whose ids are
   * appended to those of the prompt and read as exactly this text. Vocabularies of the
   * SentencePiece kind put a blank before a text that stands alone, and none before such a one.
   *
   * @throws IllegalArgumentException if the vocabulary has no ids for it
   */
  public int[] encodeContinuation(String text) {
    // Vocabularies do not join a line break with a word after it, so its ids can be taken away.
    int[] before = encodeOrdinary("\n");
    int[] all = encodeOrdinary("\n" + text);
    boolean apart =
        all.length >= before.length
            && Arrays.equals(all, 0, before.length, before, 0, before.length);
    int[] ids = apart ? Arrays.copyOfRange(all, before.length, all.length) : encodeOrdinary(text);
    if (!continued(ids).equals(text)) {
      throw new IllegalArgumentException(
          "the tokenizer of " + source + " has no ids that continue a prompt by: " + text);
    }
    return ids;
  }

  private String continued(int[] ids) {
    TextDecoder.Session session = decoder.proceed();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      session.push(vocabulary.token(id), text);
    }
    session.end(text);
    return text.toString();
  }

  /** Decodes ids, special tokens included. Bytes that are not valid UTF-8 become U+FFFD. */
  public String decode(int[] ids) {
    return decode(ids, false);
  }

  /** Decodes ids, with or without special tokens. Bytes that are not valid UTF-8 become U+FFFD. */
  public String decode(int[] ids, boolean skipSpecialTokens) {
    requireOpen();
    TextDecoder.Session session = decoder.begin();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      String token = vocabulary.token(id);
      if (!skipSpecialTokens || !vocabulary.isSpecial(id)) {
        session.push(token, text);
      }
    }
    session.end(text);
    return text.toString();
  }

  /** The size of the vocabulary with added tokens: the largest id plus one. */
  public int size() {
    requireOpen();
    return vocabulary.size();
  }

  /** The id of a token as it is written in the vocabulary. */
  OptionalInt id(String token) {
    requireOpen();
    return vocabulary.id(token);
  }

  /** The token of an id as it is written in the vocabulary. */
  String token(int id) {
    requireOpen();
    return vocabulary.token(id);
  }

  /** Whether an id is a control token, which is never part of a text. */
  boolean isSpecial(int id) {
    requireOpen();
    vocabulary.token(id);
    return vocabulary.isSpecial(id);
  }

  /** Whether an id has a token: a model may have more rows than its tokenizer has tokens. */
  boolean has(int id) {
    requireOpen();
    return vocabulary.has(id);
  }

  /** The bytes that a token adds in the middle of a text; null for a special token. */
  byte @Nullable [] bytes(int id) {
    requireOpen();
    String token = vocabulary.token(id);
    return vocabulary.isSpecial(id) ? null : decoder.bytes(token);
  }

  /** A decoder for one text whose ids arrive one by one. */
  StreamDecoder streamDecoder() {
    requireOpen();
    return new StreamDecoder(this, decoder, decoder.begin());
  }

  /** A decoder for ids that continue a text: a blank at their beginning belongs to them. */
  StreamDecoder continuationDecoder() {
    requireOpen();
    return new StreamDecoder(this, decoder, decoder.proceed());
  }

  /** Frees the native memory. Closing twice has no effect. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      json = null;
      if (ordinary != null) {
        ordinary.close();
      }
    }
    tokenizer.close();
  }

  static IllegalStateException closed() {
    return new IllegalStateException("the tokenizer is closed");
  }

  private void requireOpen() {
    if (closed) {
      throw closed();
    }
  }

  private OrdinaryEncoder ordinary() {
    OrdinaryEncoder encoder = ordinary;
    return encoder != null ? encoder : loadOrdinary();
  }

  private synchronized OrdinaryEncoder loadOrdinary() {
    OrdinaryEncoder encoder = ordinary;
    if (encoder == null) {
      byte[] text = json;
      if (text == null) {
        throw closed();
      }
      encoder = new OrdinaryEncoder(text, source);
      ordinary = encoder;
      json = null;
    }
    return encoder;
  }
}
