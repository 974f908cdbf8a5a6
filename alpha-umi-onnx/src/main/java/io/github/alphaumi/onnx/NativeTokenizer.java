package io.github.alphaumi.onnx;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.github.alphaumi.core.AlphaUmiException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;

/**
 * One tokenizer of the native library. Thread-safe; {@link #close} waits for calls in progress.
 *
 * <p>It goes to the library's JNI layer and not to its {@code HuggingFaceTokenizer}: that class
 * sends a usage ping when it is first used, truncates unless told otherwise, and copies masks,
 * spans and strings out for every text where only ids are wanted.
 */
final class NativeTokenizer implements AutoCloseable {

  private static final String OFFLINE = "ai.djl.offline";

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private long handle;

  /** Loads the text of a tokenizer.json, without truncation and padding whatever it says. */
  NativeTokenizer(String json, String source) {
    Library.load();
    try {
      handle = TokenizersLibrary.LIB.createTokenizerFromString(json);
    } catch (RuntimeException e) {
      throw new ModelFileException(
          source + " is a tokenizer.json that cannot be loaded: " + e.getMessage(), e);
    }
    TokenizersLibrary.LIB.disableTruncation(handle);
    TokenizersLibrary.LIB.disablePadding(handle);
  }

  int[] encode(String text, boolean withSpecialTokens) {
    return encode(
        text, withSpecialTokens, encoding -> toInts(TokenizersLibrary.LIB.getTokenIds(encoding)));
  }

  /** The tokens of a text as the native library writes them, after normalising. */
  String[] tokens(String text) {
    return encode(text, false, TokenizersLibrary.LIB::getTokens);
  }

  private <T> T encode(String text, boolean withSpecialTokens, LongFunction<T> result) {
    String wellFormed = wellFormed(text);
    Lock reading = lock.readLock();
    reading.lock();
    try {
      if (handle == 0) {
        throw Tokenizer.closed();
      }
      long encoding = TokenizersLibrary.LIB.encode(handle, wellFormed, withSpecialTokens);
      try {
        return result.apply(encoding);
      } finally {
        TokenizersLibrary.LIB.deleteEncoding(encoding);
      }
    } finally {
      reading.unlock();
    }
  }

  @Override
  public void close() {
    Lock writing = lock.writeLock();
    writing.lock();
    try {
      if (handle != 0) {
        TokenizersLibrary.LIB.deleteTokenizer(handle);
        handle = 0;
      }
    } finally {
      writing.unlock();
    }
  }

  /** Half of a surrogate pair has no UTF-8 form, which is what the native library works on. */
  private static String wellFormed(String text) {
    StringBuilder copy = null;
    int step;
    for (int i = 0; i < text.length(); i += step) {
      int codePoint = text.codePointAt(i);
      step = Character.charCount(codePoint);
      if (step == 1 && Character.isSurrogate((char) codePoint)) {
        copy = copy == null ? new StringBuilder(text) : copy;
        copy.setCharAt(i, '\uFFFD');
      }
    }
    return copy == null ? text : copy.toString();
  }

  private static int[] toInts(long[] values) {
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) values[i];
    }
    return ints;
  }

  private static final class Library {

    private static boolean loaded;

    /**
     * Loads the native library from the class path. On a machine with a GPU the loader would fetch
     * a CUDA build from the network; in DJL's offline mode it takes the bundled one. The mode is a
     * property of the whole process, so it is set for the time of loading only.
     */
    static synchronized void load() {
      if (loaded) {
        return;
      }
      String before = System.getProperty(OFFLINE);
      System.setProperty(OFFLINE, "true");
      try {
        LibUtils.checkStatus();
      } catch (RuntimeException | LinkageError e) {
        throw new AlphaUmiException(
            "the native tokenizers library cannot be loaded; it is unpacked to DJL_CACHE_DIR or"
                + " ~/.djl.ai, which must be writable: "
                + e.getMessage(),
            e);
      } finally {
        if (before == null) {
          System.clearProperty(OFFLINE);
        } else {
          System.setProperty(OFFLINE, before);
        }
      }
      loaded = true;
    }
  }
}
