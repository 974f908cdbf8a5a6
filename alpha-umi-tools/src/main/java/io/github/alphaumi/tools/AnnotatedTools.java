package io.github.alphaumi.tools;

import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Toolbox;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Toolbox} of the methods of existing objects that have langchain4j's {@link Tool}
 * annotation: public or not, inherited, or default methods of interfaces.
 *
 * <pre>{@code
 * Toolbox tools =
 *     AnnotatedTools.builder()
 *         .add(orders)
 *         .policy("refundOrder", ToolPolicy.defaults().withApproval())
 *         .build();
 * }</pre>
 *
 * <p>Parameters are described as langchain4j describes them. A parameter of type {@link
 * ToolContext} is filled in and not shown to the model, and so is a {@code @ToolMemoryId}: it gets
 * the id of the run. Numbers, text, enums, records and classes, lists, maps, {@code Optional} and
 * {@code java.time} can be taken; a result can be anything that Jackson writes except binary data
 * and streams. A {@code CompletionStage}, {@code Future}, publisher of {@code Flow} or of Reactive
 * Streams, or Reactor {@code Mono} is waited for. {@code @Tool(returnBehavior)} has no effect.
 *
 * <p>The toolbox is thread-safe if the objects are. Its tools run on other threads than the run's,
 * so that one that hangs holds up nothing but itself.
 */
public final class AnnotatedTools {
  private AnnotatedTools() {}

  /**
   * The tools of these objects, with default policies.
   *
   * @throws AlphaUmiException as {@link Builder#build()}
   */
  public static Toolbox of(Object... objects) {
    Builder builder = builder();
    for (Object object : objects) {
      builder.add(object);
    }
    return builder.build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Not thread-safe. */
  public static final class Builder {
    private final List<Object> objects = new ArrayList<>();
    private final Map<String, ToolPolicy> policies = new LinkedHashMap<>();
    private @Nullable ToolPolicy defaultPolicy;
    private @Nullable Executor executor;
    private @Nullable LongSupplier ticker;

    private Builder() {}

    /** Adds the tools of an object, after those of objects added before. */
    public Builder add(Object object) {
      objects.add(Objects.requireNonNull(object, "object"));
      return this;
    }

    /**
     * Sets the policy of a tool, instead of a {@link Policy} on its method.
     *
     * @throws IllegalStateException if that tool has been given one
     */
    public Builder policy(String tool, ToolPolicy policy) {
      if (policies.putIfAbsent(tool, Objects.requireNonNull(policy, "policy")) != null) {
        throw new IllegalStateException("policy of " + tool + ": set already");
      }
      return this;
    }

    /**
     * Sets the policy of tools that have none, {@link ToolPolicy#defaults()} if not set.
     *
     * @throws IllegalStateException if it has been set
     */
    public Builder defaultPolicy(ToolPolicy policy) {
      if (defaultPolicy != null) {
        throw new IllegalStateException("defaultPolicy: set already");
      }
      defaultPolicy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Sets where tools run, by default daemon threads of this toolbox that end when idle. One that
     * runs a task on the calling thread makes time limits of no effect.
     *
     * @throws IllegalStateException if it has been set
     */
    public Builder executor(Executor executor) {
      if (this.executor != null) {
        throw new IllegalStateException("executor: set already");
      }
      this.executor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Sets the clock of time limits, rates and caches: nanoseconds since some fixed moment, which
     * never go back; {@link System#nanoTime} if not set.
     *
     * @throws IllegalStateException if it has been set
     */
    public Builder ticker(LongSupplier ticker) {
      if (this.ticker != null) {
        throw new IllegalStateException("ticker: set already");
      }
      this.ticker = Objects.requireNonNull(ticker, "ticker");
      return this;
    }

    /**
     * Reads the objects' methods.
     *
     * @throws AlphaUmiException with everything that is wrong: an object without tools, two tools
     *     of a name, a parameter without a name or of a type that cannot be read, varargs, a result
     *     that cannot be waited for, a default value that does not fit, a policy for a tool that is
     *     not there, or one that repeats calls that must not be repeated
     */
    public Toolbox build() {
      Problems problems = new Problems();
      Map<String, Method> methods = new LinkedHashMap<>();
      List<CheckedTool> tools = new ArrayList<>();
      for (Object object : objects) {
        List<ToolMethods.Family> families = ToolMethods.of(object.getClass());
        if (families.isEmpty()) {
          problems.add(object.getClass().getName() + " has no method with @Tool");
        }
        for (ToolMethods.Family family : families) {
          String name = ToolMethods.name(family);
          Method twin = methods.putIfAbsent(name, family.annotated());
          if (twin != null) {
            problems.add(
                String.format(
                    "tool '%s': there are two, %s and %s; give one another @Tool(name = …)",
                    name, named(twin), named(family.annotated())));
          }
          new ToolMethodFactory(object, family, problems)
              .create(policy(family, problems))
              .ifPresent(tools::add);
        }
      }
      for (String name : policies.keySet()) {
        if (!methods.containsKey(name)) {
          problems.add(
              "policy of " + name + ": there is no such tool; there are " + methods.keySet());
        }
      }
      problems.throwIfAny();
      return new CheckedToolbox(
          tools,
          executor == null ? ToolThreads.create() : executor,
          ticker == null ? System::nanoTime : ticker);
    }

    private ToolPolicy policy(ToolMethods.Family family, Problems problems) {
      ToolPolicy given = policies.get(ToolMethods.name(family));
      if (given != null) {
        return given;
      }
      ToolPolicy policy = defaultPolicy == null ? ToolPolicy.defaults() : defaultPolicy;
      try {
        return family
            .annotation(Policy.class)
            .map(written -> merged(written, policy))
            .orElse(policy);
      } catch (IllegalArgumentException e) {
        problems.add("tool '" + ToolMethods.name(family) + "': @Policy: " + e.getMessage());
        return policy;
      }
    }

    private static ToolPolicy merged(Policy written, ToolPolicy other) {
      ToolPolicy policy = other;
      if (written.effect().length > 1) {
        throw new IllegalArgumentException("effect: there is more than one");
      }
      for (Effect effect : written.effect()) {
        policy = policy.withEffect(effect);
      }
      if (written.approval()) {
        policy = policy.withApproval();
      }
      if (written.timeoutMillis() != 0) {
        policy = policy.withTimeout(Duration.ofMillis(written.timeoutMillis()));
      }
      if (written.attempts() != 0) {
        policy =
            policy.withAttempts(written.attempts(), Duration.ofMillis(written.backoffMillis()));
      }
      if (written.maxResultChars() != 0) {
        policy = policy.withMaxResultChars(written.maxResultChars());
      }
      if (written.maxResultShare() != 0) {
        policy = policy.withMaxResultShare(written.maxResultShare());
      }
      if (written.exposeErrors()) {
        policy = policy.withExposedErrors();
      }
      if (written.concurrency() != 0) {
        policy = policy.withConcurrency(written.concurrency());
      }
      if (written.callsPerMinute() != 0) {
        policy = policy.withRate(written.callsPerMinute(), Duration.ofMinutes(1));
      }
      if (written.cacheMillis() != 0) {
        policy = policy.withCache(Duration.ofMillis(written.cacheMillis()));
      }
      if (written.redacted().length != 0) {
        policy = policy.withRedacted(written.redacted());
      }
      return written.redactedArguments().length == 0
          ? policy
          : policy.withRedactedArguments(written.redactedArguments());
    }

    private static String named(Method method) {
      return method.getDeclaringClass().getName() + "." + method.getName();
    }
  }
}
