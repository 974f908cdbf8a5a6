package io.github.alphaumi.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one server that requests go to. Thread-safe.
 *
 * @param base where it is
 * @param privateAddresses whether it may be in the network of this machine
 * @param maxResponseBytes longer answers are refused
 */
record HttpTarget(URI base, boolean privateAddresses, int maxResponseBytes, HttpClient client) {
  private static final Pattern CHARSET = Pattern.compile("charset=\"?([^\";\\s]+)");

  HttpTarget {
    String scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http") || base.getHost() == null) {
      throw new IllegalArgumentException(
          "server: " + base + " is no address such as https://api.example.com/v1");
    }
  }

  /** A status that is not 2xx and that another attempt may change. */
  private static final class ServerFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServerFailure(String message) {
      super(message);
    }
  }

  /**
   * Sends a request and reads what came back: JSON as a tree, other text as text.
   *
   * @throws ToolException if the answer says that the request was wrong, or cannot be shown
   */
  @Nullable Object send(HttpRequest request, boolean exposeErrors)
      throws IOException, InterruptedException {
    checkAddress(request.uri().getHost());
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    byte[] body;
    try (InputStream in = response.body()) {
      body = in.readNBytes(maxResponseBytes + 1);
    }
    if (body.length > maxResponseBytes) {
      throw new ToolException(
          "the answer has more than " + maxResponseBytes + " bytes; ask for less");
    }
    String type = response.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (response.statusCode() / 100 != 2) {
      throw failure(response.statusCode(), exposeErrors ? text(body, type) : "");
    }
    return body.length == 0 ? ToolCode.DONE : value(body, type);
  }

  private void checkAddress(String host) throws UnknownHostException {
    if (privateAddresses) {
      return;
    }
    for (InetAddress address : InetAddress.getAllByName(host)) {
      if (!isPublic(address)) {
        throw new ToolException(
            "requests to " + host + " are not allowed, because it is in a private network");
      }
    }
  }

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    if (address instanceof Inet6Address) {
      boolean uniqueLocal = (first & 0xfe) == 0xfc;
      boolean translated = first == 0 && second == 0x64 && (bytes[2] & 0xff) == 0xff;
      if (uniqueLocal || translated || ((Inet6Address) address).isIPv4CompatibleAddress()) {
        return false;
      }
    } else {
      boolean shared = first == 100 && (second & 0xc0) == 64;
      boolean thisNetwork = first == 0;
      boolean reserved = first >= 240 || first == 198 && (second & 0xfe) == 18;
      if (shared || thisNetwork || reserved) {
        return false;
      }
    }
    return !address.isAnyLocalAddress()
        && !address.isLoopbackAddress()
        && !address.isLinkLocalAddress()
        && !address.isSiteLocalAddress()
        && !address.isMulticastAddress();
  }

  private static RuntimeException failure(int status, String text) {
    String message = "the server answered with status " + status;
    String whole = text.isBlank() ? message : message + ": " + text;
    boolean temporary = status == 429 || status == 408 || status >= 500;
    return temporary ? new ServerFailure(whole) : new ToolException(whole);
  }

  private static Object value(byte[] body, String type) {
    if (type.contains("json")) {
      try {
        return ToolJson.EXACT.readTree(text(body, type));
      } catch (JsonProcessingException e) {
        throw new ToolException("the server's answer is not the JSON that it says it is", e);
      }
    }
    if (type.startsWith("text/") || type.contains("xml") || type.isEmpty()) {
      return text(body, type);
    }
    throw new ToolException("the server answered with " + type + ", which cannot be shown");
  }

  private static String text(byte[] body, String type) {
    Matcher named = CHARSET.matcher(type);
    Charset charset = StandardCharsets.UTF_8;
    if (named.find()) {
      try {
        charset = Charset.forName(named.group(1));
      } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
        // Read as UTF-8, which leaves at least what is ASCII.
      }
    }
    return new String(body, charset);
  }
}
