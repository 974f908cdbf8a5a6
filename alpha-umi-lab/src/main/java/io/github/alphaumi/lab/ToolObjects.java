package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.AlphaUmiException;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Objects with annotated methods, made from classes that are only named. */
final class ToolObjects {
  private static final String CLASS = ".class";

  private ToolObjects() {}

  /**
   * One object of each class with {@code @Tool} methods.
   *
   * @param source a class name, a jar, or a folder of class files
   * @throws AlphaUmiException if there is no such thing, or it has no tools
   */
  static List<Object> from(String source) {
    Path path = Path.of(source);
    if (!Files.exists(path)) {
      return List.of(make(load(source, ToolObjects.class.getClassLoader())));
    }
    // Not closed: the classes of the tools load others while they run.
    ClassLoader loader =
        new URLClassLoader(new URL[] {url(path)}, ToolObjects.class.getClassLoader());
    List<Object> objects = new ArrayList<>();
    for (String name : classNames(path)) {
      if (isToolClass(name, loader)) {
        objects.add(make(load(name, loader)));
      }
    }
    if (objects.isEmpty()) {
      throw new AlphaUmiException(
          source
              + " has no class with @Tool methods and a constructor without parameters; name a jar,"
              + " a folder of class files or a class on the class path");
    }
    return objects;
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new AlphaUmiException(path + " cannot be loaded from", e);
    }
  }

  private static List<String> classNames(Path path) {
    try {
      if (Files.isDirectory(path)) {
        try (Stream<Path> files = Files.walk(path)) {
          return names(
              files.map(file -> path.relativize(file).toString().replace(File.separatorChar, '/')));
        }
      }
      try (JarFile jar = new JarFile(path.toFile())) {
        return names(jar.stream().map(entry -> entry.getName()));
      }
    } catch (IOException e) {
      throw new AlphaUmiException(
          path + " cannot be read as a jar of classes: " + e.getMessage(), e);
    }
  }

  private static List<String> names(Stream<String> entries) {
    return entries
        .filter(name -> name.endsWith(CLASS) && !name.startsWith("META-INF/"))
        .map(name -> name.substring(0, name.length() - CLASS.length()).replace('/', '.'))
        .filter(name -> !name.endsWith("package-info") && !name.endsWith("module-info"))
        .sorted()
        .toList();
  }

  private static boolean isToolClass(String name, ClassLoader loader) {
    try {
      Class<?> type = Class.forName(name, false, loader);
      if (Modifier.isAbstract(type.getModifiers()) || type.isEnum() || type.isRecord()) {
        return false;
      }
      type.getDeclaredConstructor();
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Tool.class)) {
          return true;
        }
      }
      return false;
    } catch (ReflectiveOperationException | LinkageError e) {
      // A class that lacks something of its own is no tool of this run.
      return false;
    }
  }

  private static Class<?> load(String name, ClassLoader loader) {
    try {
      return Class.forName(name, true, loader);
    } catch (ClassNotFoundException e) {
      throw new AlphaUmiException(
          "'" + name + "' is neither a file nor a class on the class path", e);
    }
  }

  private static Object make(Class<?> type) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw new AlphaUmiException(
          "the constructor of " + type.getName() + " threw " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new AlphaUmiException(
          type.getName() + " needs a constructor without parameters to be used as tools", e);
    }
  }
}
