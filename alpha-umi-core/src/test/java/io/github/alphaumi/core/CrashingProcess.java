package io.github.alphaumi.core;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A process that goes on with every run that an earlier one left, then makes runs until it is
 * killed; with the argument {@code finish} it ends when nothing is left. Its tools write what they
 * did to a file of their own, forced to the disk, which knows nothing of the journal.
 */
final class CrashingProcess {
  /** A payment, a lookup, a label; the fourth step has all three, and two labels. Nine steps. */
  static final int STEPS = 9;

  /** The step with several calls, from 0, and these. */
  static final int WIDE = 3;

  static final List<String> WIDE_CALLS = List.of("label", "look", "label", "pay");

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
          });

  private CrashingProcess() {}

  static String tool(int step) {
    return List.of("pay", "look", "label").get(step % 3);
  }

  /**
   * @param store a folder, or the URL of a database
   */
  static Journal journal(String store) {
    if (!store.startsWith("jdbc:")) {
      return Journal.files(Path.of(store), Journal.Sync.EFFECTS);
    }
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(store);
    config.setUsername("postgres");
    config.setMaximumPoolSize(2);
    return Journal.jdbc(new HikariDataSource(config), Duration.ofMillis(400));
  }

  static Agent agent(Journal journal, @Nullable Path witness) {
    Planner planner =
        (trajectory, tools, context) ->
            trajectory.steps().size() < STEPS
                ? new Decision.Call("step " + trajectory.steps().size())
                : new Decision.Conclude("");
    Caller caller =
        (trajectory, plan, tools, context) -> {
          int step = trajectory.steps().size();
          return step == WIDE ? wide() : new ToolCall(tool(step), Map.of("step", step));
        };
    Summarizer summarizer = (trajectory, plan, tools, context) -> "done";
    return Agent.builder()
        .roles(new Roles(planner, caller, summarizer))
        .tools(new Witnessed(witness))
        .journal(journal)
        .executor(THREADS)
        .runIds(() -> UUID.randomUUID().toString())
        .build();
  }

  private static Caller.Turn wide() {
    List<Caller.Turn> calls = new ArrayList<>();
    for (String tool : WIDE_CALLS) {
      calls.add(new ToolCall(tool, Map.of("step", WIDE, "call", calls.size())));
    }
    return new Caller.Several(calls);
  }

  private record Witnessed(@Nullable Path witness) implements Toolbox {
    @Override
    public List<ToolSpecification> specifications() {
      return List.of("pay", "look", "label").stream()
          .map(name -> ToolSpecification.builder().name(name).build())
          .toList();
    }

    @Override
    public Effect effect(String tool) {
      return switch (tool) {
        case "pay" -> Effect.EFFECTFUL;
        case "label" -> Effect.IDEMPOTENT;
        default -> Effect.READ_ONLY;
      };
    }

    @Override
    public Observation execute(ToolCall call, RunContext context) {
      if (!call.name().equals("look") && witness != null) {
        String line = context.idempotencyKey() + "\n";
        synchronized (THREADS) {
          write(witness, line);
        }
      }
      return Observation.ok("{\"done\": \"" + context.idempotencyKey() + "\"}");
    }
  }

  private static void write(Path witness, String line) {
    try (FileOutputStream file = new FileOutputStream(witness.toFile(), true)) {
      file.write(line.getBytes(StandardCharsets.US_ASCII));
      file.getFD().sync();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void main(String[] arguments) throws InterruptedException {
    boolean finish = arguments[2].equals("finish");
    Journal journal = journal(arguments[0]);
    Agent agent = agent(journal, Path.of(arguments[1]));
    journal.runs(Journal.State.UNFINISHED);
    // Classes are loaded before the clock of the killer starts.
    agent(Journal.inMemory(), null).run("Warm up");
    System.out.println("ready");
    do {
      List<Journal.Summary> left = journal.runs(Journal.State.UNFINISHED);
      for (Journal.Summary run : left) {
        try {
          agent.resume(run.runId());
        } catch (Journal.Failure e) {
          if (e.reason() != Journal.Failure.Reason.IN_USE) {
            throw e;
          }
          // The lease of a killed process ends by itself.
          Thread.sleep(20);
        }
      }
      if (left.isEmpty() && finish) {
        return;
      }
      if (left.isEmpty()) {
        agent.run("Pay and label");
      }
    } while (true);
  }
}
