package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Encodes text in which special tokens are only characters: a second native tokenizer, made from
 * the same tokenizer.json without its special tokens.
 *
 * <p>Taking them out of {@code added_tokens} is not enough, because most of them are also tokens of
 * the model: a Unigram model would still find {@code </s>} in a text, and a merge could still build
 * it. There they keep their ids under a name with a blank in front, which no text can produce:
 * every supported kind replaces blanks before the model sees them.
 */
final class OrdinaryEncoder implements AutoCloseable {

  private final NativeTokenizer tokenizer;
  private final int modelSize;
  private final int[] added;

  OrdinaryEncoder(byte[] json, String source) {
    try {
      ObjectNode root = withoutSpecialTokens((ObjectNode) TokenizerJson.JSON.readTree(json));
      JsonNode vocab = root.path("model").path("vocab");
      this.modelSize = vocab.size();
      this.added = addedBeyond(vocab, root.path("added_tokens"));
      this.tokenizer = new NativeTokenizer(root.toString(), source);
    } catch (IOException e) {
      throw new ModelFileException(source + " cannot be read again: " + e.getMessage(), e);
    }
  }

  int[] encode(String text) {
    int[] ids = tokenizer.encode(text, false);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] >= modelSize) {
        ids[i] = added[ids[i] - modelSize];
      }
    }
    return ids;
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  /**
   * The true ids of the added tokens that the model does not know. The native library numbers them
   * anew behind the model's, so those that remain have moved up to the places of those taken out.
   */
  private static int[] addedBeyond(JsonNode vocab, JsonNode addedTokens) {
    Set<String> known = new HashSet<>();
    if (vocab.isArray()) {
      vocab.forEach(piece -> known.add(piece.path(0).asText()));
    }
    return StreamSupport.stream(addedTokens.spliterator(), false)
        .filter(token -> !vocab.has(token.path("content").asText()))
        .filter(token -> known.add(token.path("content").asText()))
        .mapToInt(token -> token.path("id").asInt())
        .toArray();
  }

  private static ObjectNode withoutSpecialTokens(ObjectNode root) {
    Set<String> special = new HashSet<>();
    Iterator<JsonNode> added = root.path("added_tokens").elements();
    while (added.hasNext()) {
      JsonNode token = added.next();
      if (token.path("special").asBoolean()) {
        special.add(token.path("content").asText());
        added.remove();
      }
    }
    ObjectNode model = (ObjectNode) root.get("model");
    if (model.get("vocab") instanceof ObjectNode vocab) {
      special.forEach(token -> hide(token, vocab));
    } else {
      hide(special, model.path("vocab"));
    }
    JsonNode unknown = model.path("unk_token");
    if (special.contains(unknown.asText()) && model.path("vocab").has(hidden(unknown.asText()))) {
      model.put("unk_token", hidden(unknown.asText()));
    }
    if (model.get("merges") instanceof ArrayNode merges) {
      removeMerges(merges, special);
    }
    root.putNull("post_processor");
    return root;
  }

  private static String hidden(String token) {
    return " " + token;
  }

  private static void hide(String token, ObjectNode vocab) {
    JsonNode id = vocab.remove(token);
    if (id != null) {
      vocab.set(hidden(token), id);
    }
  }

  private static void hide(Set<String> special, JsonNode pieces) {
    for (JsonNode piece : pieces) {
      String token = piece.path(0).asText();
      if (special.contains(token)) {
        ((ArrayNode) piece).set(0, hidden(token));
      }
    }
  }

  /** A merge that makes or uses a token which is no longer there would not load. */
  private static void removeMerges(ArrayNode merges, Set<String> special) {
    Iterator<JsonNode> each = merges.elements();
    while (each.hasNext()) {
      JsonNode merge = each.next();
      String[] pair =
          merge.isTextual()
              ? merge.asText().split(" ", 2)
              : new String[] {merge.path(0).asText(), merge.path(1).asText()};
      if (special.contains(pair[0] + pair[1])
          || special.contains(pair[0])
          || special.contains(pair[1])) {
        each.remove();
      }
    }
  }
}
