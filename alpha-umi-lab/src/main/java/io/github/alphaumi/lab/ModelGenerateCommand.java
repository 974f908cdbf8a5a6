package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Constraint;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextModel.Detail;
import io.github.alphaumi.onnx.ChatTemplate;
import io.github.alphaumi.onnx.OnnxModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Continues prompts; what is written goes to standard output, the figures to standard error.
 * Several prompts are continued side by side and printed in their order.
 */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Continue a prompt. A prompt in text is printed as text, one in token ids as token ids;",
      "with --json, each prompt gives one line with a JSON object of both."
    })
final class ModelGenerateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private LoadOptions load;

  @ArgGroup(multiplicity = "1")
  private Prompts prompts;

  @Mixin private ConversationOptions conversation;

  @ArgGroup private @Nullable ConstraintOptions constraint;

  @Mixin private SamplingOptions sampling;

  @Option(names = "--max-tokens", paramLabel = "N", description = "At most (${DEFAULT-VALUE}).")
  private int maxTokens = 128;

  @Option(names = "--stop", description = "Ends the text. May be repeated.")
  private List<String> stops = List.of();

  @Option(
      names = "--logprobs",
      arity = "0..1",
      parameterConsumer = Count.class,
      paramLabel = "N",
      description = {
        "Print the natural logarithm of each token's probability,",
        "and the N likeliest tokens in its place."
      })
  private @Nullable Integer logprobs;

  @Option(
      names = "--json",
      description = "Print one JSON object a line: prompt_ids, ids, tokens, text, finish, counts.")
  private boolean json;

  /** The number behind an option, or 0: what follows may be the model instead. */
  static final class Count implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
      boolean given = !arguments.isEmpty() && arguments.peek().matches("-?\\d{1,9}");
      option.setValue(given ? Integer.parseInt(arguments.pop()) : 0);
    }
  }

  /** Where prompts come from: exactly one of these. */
  static final class Prompts {
    @Option(
        names = "--prompt",
        required = true,
        description = "The text to continue, as it is. May be repeated.")
    private @Nullable List<String> texts;

    @Option(
        names = "--ids",
        required = true,
        paramLabel = "1,2,3",
        description = "The token ids to continue, as they are. May be repeated.")
    private @Nullable List<String> ids;

    @Option(
        names = "--messages",
        required = true,
        paramLabel = "FILE",
        description =
            "A conversation, by the model's chat template: a JSON array of messages, or an"
                + " object with \"messages\" and \"tools\".")
    private @Nullable Path messages;
  }

  @Override
  public Integer call() {
    TextModel.Request.Builder request = request();
    List<int[]> ids = prompts.ids == null ? List.of() : ids(prompts.ids);
    OnnxModel.Builder builder = load.builder();
    int count = prompts.texts == null ? Math.max(1, ids.size()) : prompts.texts.size();
    try (OnnxModel model = builder.slots(Math.max(4, count)).build()) {
      List<int[]> all = ids.isEmpty() ? encoded(model) : ids;
      if (all.size() == 1 && !json && ids.isEmpty()) {
        stream(model, all.get(0), request);
      } else {
        printAll(model, all, request.build());
      }
    }
    return 0;
  }

  /** What was wrong with an option is said before a model is loaded. */
  private TextModel.Request.Builder request() {
    try {
      TextModel.Request.Builder request =
          TextModel.Request.builder(Prompt.of(""))
              .maxTokens(maxTokens)
              .stops(stops)
              .constraint(constraint == null ? Constraint.none() : constraint.constraint())
              .sampling(sampling.sampling())
              .detail(logprobs == null ? Detail.TOKENS : Detail.LOG_PROBABILITIES)
              .likeliest(logprobs == null ? 0 : logprobs);
      request.build();
      return request;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private List<int[]> ids(List<String> texts) {
    List<int[]> all = new ArrayList<>();
    for (String text : texts) {
      try {
        all.add(TokenIds.parse(text));
      } catch (NumberFormatException e) {
        throw new ParameterException(spec.commandLine(), "--ids: " + e.getMessage(), e);
      }
      if (all.get(all.size() - 1).length == 0) {
        throw new ParameterException(spec.commandLine(), "--ids: '" + text + "' has no token id");
      }
    }
    return all;
  }

  private List<int[]> encoded(OnnxModel model) {
    if (prompts.messages != null) {
      String text = conversation.render(ChatTemplate.load(load.model()), prompts.messages, true);
      return List.of(model.tokenizer().encode(text));
    }
    List<int[]> all = new ArrayList<>();
    for (String text : prompts.texts == null ? List.<String>of() : prompts.texts) {
      int[] ids = model.tokenizer().encodeWithSpecialTokens(text);
      if (ids.length == 0) {
        throw new ParameterException(
            spec.commandLine(), "--prompt: empty, so that there is nothing to continue");
      }
      all.add(ids);
    }
    return all;
  }

  private void stream(OnnxModel model, int[] prompt, TextModel.Request.Builder request) {
    PrintWriter out = spec.commandLine().getOut();
    request.onText(
        text -> {
          out.print(text);
          out.flush();
        });
    TextModel.Response response = model.complete(prompt, request.build(), load.adapter());
    out.println();
    if (logprobs != null) {
      out.print(GeneratedText.lines(response));
    }
    out.flush();
    report(response);
  }

  private void printAll(OnnxModel model, List<int[]> all, TextModel.Request request) {
    PrintWriter out = spec.commandLine().getOut();
    ExecutorService executor = Executors.newFixedThreadPool(all.size());
    try {
      List<Future<TextModel.Response>> responses = new ArrayList<>();
      for (int[] prompt : all) {
        responses.add(executor.submit(() -> model.complete(prompt, request, load.adapter())));
      }
      for (int i = 0; i < all.size(); i++) {
        TextModel.Response response = responses.get(i).get();
        if (json) {
          out.println(
              GeneratedText.json(
                  all.get(i),
                  logprobs == null ? null : model.score(all.get(i), load.adapter()),
                  response));
        } else if (logprobs != null) {
          out.print(GeneratedText.lines(response));
        } else {
          out.println(prompts.ids == null ? response.text() : GeneratedText.ids(response));
        }
        out.flush();
        report(response);
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AlphaUmiException("a text could not be written: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AlphaUmiException("interrupted", e);
    } finally {
      executor.shutdownNow();
    }
  }

  private void report(TextModel.Response response) {
    ModelUse use = response.use();
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        Locale.ROOT,
        "%s; read %d tokens at %.0f a second, wrote %d at %.0f a second%n",
        response.finish(),
        use.inputTokens(),
        rate(use.inputTokens(), use.prefill()),
        use.outputTokens(),
        rate(use.outputTokens(), use.decode()));
    err.flush();
  }

  private static double rate(int tokens, Duration time) {
    return time.isZero() ? 0 : tokens * 1e9 / time.toNanos();
  }
}
