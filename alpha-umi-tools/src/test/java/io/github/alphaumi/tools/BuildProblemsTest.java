package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Toolbox;
import java.io.InputStream;
import java.io.Writer;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildProblemsTest {
  static class Add {
    @Tool
    int add(int a, int b) {
      return a + b;
    }
  }

  static class AlsoAdd {
    @Tool(name = "add")
    int sum(int a, int b) {
      return a + b;
    }
  }

  static class Wrong {
    @Tool
    void many(String... names) {}

    @Tool
    void stream(InputStream in) {}

    @Tool
    void raw(List<?> things) {}

    @Tool
    void bytes(byte[] data) {}

    @Tool
    void keys(Map<Integer, String> byNumber) {}

    @Tool
    void unknown(Object thing) {}

    @Tool
    void abstractType(Shape shape) {}

    @Tool
    void unmakable(NoDoor door) {}

    @Tool
    void optionalInt(@P(required = false) int limit) {}

    @Tool
    @Policy(timeoutMillis = -1)
    void hasty() {}

    @Tool
    void badDefault(@P(defaultValue = "many") int count) {}
  }

  interface Shape {}

  static class NoDoor {
    NoDoor(String key, int size) {
      assertThat(key + size).isNotEmpty();
    }
  }

  @Test
  void should_report_all_problems_at_once() {
    assertThatThrownBy(
            () ->
                AnnotatedTools.builder()
                    .add(new Add())
                    .add(new AlsoAdd())
                    .add("no tools")
                    .add(new Wrong())
                    .policy("subtract", ToolPolicy.defaults())
                    .build())
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageStartingWith("14 problems with the tools:\n- ")
        .hasMessageContaining("tool 'add': there are two, ")
        .hasMessageContaining("java.lang.String has no method with @Tool")
        .hasMessageContaining("tool 'many': varargs cannot be described to a model; take a List")
        .hasMessageContaining("tool 'stream': parameter 'in': type java.io.InputStream: use text")
        .hasMessageContaining("tool 'raw': parameter 'things': type java.util.List<?>: it does not")
        .hasMessageContaining("tool 'bytes': parameter 'data': type byte[]: models do not write")
        .hasMessageContaining("tool 'keys': parameter 'byNumber': type java.util.Map<")
        .hasMessageContaining("tool 'unknown': parameter 'thing': type java.lang.Object: it does")
        .hasMessageContaining("tool 'abstractType': parameter 'shape': ")
        .hasMessageContaining("tool 'unmakable': parameter 'door': ")
        .hasMessageContaining("tool 'optionalInt': parameter 'limit': it is optional, but int")
        .hasMessageContaining(
            "tool 'badDefault': parameter 'count': the default value \"many\" does not fit: count"
                + " must be a whole number, not \"many\"")
        .hasMessageContaining("tool 'hasty': @Policy: timeout: PT-0.001S is not positive")
        .hasMessageContaining("policy of subtract: there is no such tool");
  }

  @Test
  void should_report_one_problem_as_a_sentence() {
    assertThatThrownBy(() -> AnnotatedTools.of(new AlsoAdd(), "no tools"))
        .hasMessage("java.lang.String has no method with @Tool");
  }

  @Test
  void should_refuse_to_set_anything_twice() {
    ToolPolicy policy = ToolPolicy.defaults();
    assertThatThrownBy(() -> AnnotatedTools.builder().policy("a", policy).policy("a", policy))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("policy of a: set already");
    assertThatThrownBy(() -> AnnotatedTools.builder().defaultPolicy(policy).defaultPolicy(policy))
        .hasMessage("defaultPolicy: set already");
    assertThatThrownBy(
            () -> AnnotatedTools.builder().executor(Runnable::run).executor(Runnable::run))
        .hasMessage("executor: set already");
  }

  @Test
  void should_refuse_limits_that_allow_nothing() {
    assertThatThrownBy(() -> ToolPolicy.defaults().withTimeout(java.time.Duration.ZERO))
        .hasMessage("timeout: PT0S is not positive");
    assertThatThrownBy(() -> ToolPolicy.defaults().withMaxResultChars(10))
        .hasMessage("maxResultChars: 10 is less than 200");
  }

  @Test
  void should_name_parameters_that_have_no_name(@TempDir Path folder) throws Exception {
    String source =
        """
        import dev.langchain4j.agent.tool.*;
        public class Compiled {
          @Tool public String orderStatus(String id) { return id; }
        }
        """;
    assertThatThrownBy(() -> AnnotatedTools.of(compiled(folder, source)))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessage(
            "tool 'orderStatus': parameter 'arg0' has no name; compile with -parameters or add"
                + " @P(name = …)");
  }

  @Test
  void should_take_names_from_the_annotation_if_there_are_no_others(@TempDir Path folder)
      throws Exception {
    String source =
        """
        import dev.langchain4j.agent.tool.*;
        public class Compiled {
          @Tool public String orderStatus(@P(name = "id") String id) { return id; }
        }
        """;
    Toolbox tools = AnnotatedTools.of(compiled(folder, source));
    assertThat(Calls.run(tools, "orderStatus", "{\"id\": \"A\"}").text())
        .isEqualTo("{\"result\": \"A\"}");
  }

  /** An object of the class Compiled, compiled without {@code -parameters}. */
  static Object compiled(Path folder, String source) throws Exception {
    Path file = Files.writeString(folder.resolve("Compiled.java"), source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String classPath =
        Path.of(Tool.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    boolean done =
        compiler
            .getTask(
                Writer.nullWriter(),
                null,
                null,
                List.of("-proc:none", "-cp", classPath, "-d", folder.toString()),
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(file))
            .call();
    assertThat(done).isTrue();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, Tool.class.getClassLoader())) {
      Constructor<?> constructor = loader.loadClass("Compiled").getConstructor();
      return constructor.newInstance();
    }
  }

  @Test
  void should_find_tools_behind_a_proxy() {
    Greeting target = new Sub();
    Object proxy =
        Proxy.newProxyInstance(
            Greeting.class.getClassLoader(),
            new Class<?>[] {Greeting.class},
            (self, method, arguments) -> "proxied " + method.invoke(target, arguments));
    Toolbox tools = AnnotatedTools.of(proxy);
    assertThat(Calls.run(tools, "part", "{\"name\": \"A\"}").text())
        .isEqualTo("{\"result\": \"proxied bye A\"}");
  }

  interface Greeting {
    @Tool("greets")
    default String greet(String name) {
      return "hello " + name;
    }

    @Tool
    String part(String name);
  }

  abstract static class Base<T> {
    @Tool
    String show(T value) {
      return "base " + value;
    }

    @Tool
    private String hidden() {
      return "private";
    }
  }

  static class Sub extends Base<Integer> implements Greeting {
    @Override
    String show(Integer value) {
      return "sub " + value;
    }

    @Override
    public String part(String name) {
      return "bye " + name;
    }

    @Tool
    static String fixed() {
      return "static";
    }
  }

  @Test
  void should_find_inherited_default_private_and_static_methods_in_order_of_their_names() {
    Toolbox tools = AnnotatedTools.of(new Sub());
    assertThat(tools.specifications().stream().map(ToolSpecification::name))
        .containsExactly("fixed", "greet", "hidden", "part", "show");
    assertThat(Calls.run(tools, "greet", "{\"name\": \"A\"}").text()).contains("hello A");
    assertThat(Calls.run(tools, "part", "{\"name\": \"A\"}").text()).contains("bye A");
    assertThat(Calls.run(tools, "show", "{\"value\": \"7\"}").text()).contains("sub 7");
    assertThat(Calls.run(tools, "hidden", "{}").text()).contains("private");
    assertThat(Calls.run(tools, "fixed", "{}").text()).contains("static");
  }

  /** Neither the class nor its methods can be seen from other packages. */
  static class Hidden {
    private final String greeting;

    Hidden(String greeting) {
      this.greeting = greeting;
    }

    @Tool
    @Policy(effect = Effect.READ_ONLY)
    String visible(@P("who") String name) {
      return greeting + " " + name;
    }

    @Tool
    protected String guarded(String name) {
      return greeting + " " + name;
    }
  }

  @Test
  void should_call_package_private_methods_of_a_package_private_class() {
    Toolbox tools = AnnotatedTools.of(new Hidden("hello"));
    assertThat(tools.specifications().stream().map(ToolSpecification::name))
        .containsExactly("guarded", "visible");
    assertThat(Calls.run(tools, "visible", "{\"name\": \"A\"}").text()).contains("hello A");
    assertThat(Calls.run(tools, "guarded", "{\"name\": \"A\"}").text()).contains("hello A");
  }

  /** As frameworks make them: a subclass without annotations or names that asks its target. */
  static final class HiddenProxy extends Hidden {
    private final Hidden target;

    HiddenProxy(Hidden target) {
      super("the proxy has no state");
      this.target = target;
    }

    @Override
    String visible(String arg0) {
      return "proxied " + target.visible(arg0);
    }

    @Override
    protected String guarded(String arg0) {
      return "proxied " + target.guarded(arg0);
    }
  }

  @Test
  void should_find_tools_behind_a_subclass_that_is_a_proxy() {
    Toolbox tools = AnnotatedTools.of(new HiddenProxy(new Hidden("hello")));
    assertThat(tools.specifications())
        .isEqualTo(AnnotatedTools.of(new Hidden("hello")).specifications());
    assertThat(tools.effect("visible")).isEqualTo(Effect.READ_ONLY);
    assertThat(Calls.run(tools, "visible", "{\"name\": \"A\"}").text()).contains("proxied hello A");
    assertThat(Calls.run(tools, "guarded", "{\"name\": \"A\"}").text()).contains("proxied hello A");
  }
}
