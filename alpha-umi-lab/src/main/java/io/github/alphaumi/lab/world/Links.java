package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.Effect;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which of the tools give what others take. */
final class Links {
  /** What one service gives another: who, where, when. Other values mean nothing elsewhere. */
  private static final Set<Kind> SHARED =
      Set.of(
          WorldKind.EMAIL,
          WorldKind.PHONE,
          WorldKind.ADDRESS,
          WorldKind.CITY,
          WorldKind.COUNTRY,
          WorldKind.PERSON,
          WorldKind.DATE,
          WorldKind.TIME,
          WorldKind.CURRENCY,
          WorldKind.COMPANY);

  private static final Set<Kind> NUMBERS =
      Set.of(
          WorldKind.MONEY,
          WorldKind.AMOUNT,
          WorldKind.COUNT,
          WorldKind.PERCENT,
          WorldKind.MINUTES,
          WorldKind.YEAR);

  private final List<OfferedTool> tools;

  /** A tool whose result another one takes. */
  record Link(OfferedTool from, Result result, OfferedTool to, Argument argument) {
    boolean isEntity() {
      return Links.isEntity(argument.kind());
    }

    boolean isWithinDomain() {
      return from.tool().domain().equals(to.tool().domain());
    }

    /** The words in which plans speak of what is handed on: those of the tool that takes it. */
    String spoken() {
      return to.spokenArgument(argument.name());
    }
  }

  Links(List<OfferedTool> tools) {
    this.tools = tools;
  }

  /** Those whose result a request can name: "the next appointment of Anna Novak". */
  List<Link> referable() {
    return all().stream()
        .filter(
            link ->
                link.from().tool().references().stream()
                    .anyMatch(ref -> ref.result().equals(link.result())))
        .filter(Links::makesSense)
        .toList();
  }

  /** Those that hand on an identifier. */
  List<Link> entities() {
    return all().stream().filter(Link::isEntity).toList();
  }

  private List<Link> all() {
    List<Link> links = new ArrayList<>();
    for (OfferedTool from : tools) {
      for (OfferedTool to : tools) {
        if (from == to) {
          continue;
        }
        for (Argument argument : to.tool().required()) {
          from.tool().results().stream()
              .filter(result -> !result.several())
              .filter(result -> result.kind().id().equals(argument.kind().id()))
              .forEach(result -> links.add(new Link(from, result, to, argument)));
        }
      }
    }
    return links;
  }

  /**
   * Numbers are looked at and reckoned with but not done something with elsewhere; of two dates,
   * one of which is looked up, nobody knows which is the earlier.
   */
  private static boolean makesSense(Link link) {
    if (link.isEntity()) {
      return true;
    }
    Kind kind = link.argument().kind();
    if (kind == WorldKind.DATE) {
      return link.to().tool().required().stream().filter(a -> a.kind() == kind).count() == 1;
    }
    if (kind instanceof Kind.Range || NUMBERS.contains(kind)) {
      return link.to().tool().effect() == Effect.READ_ONLY;
    }
    return link.isWithinDomain() || SHARED.contains(kind);
  }

  static boolean isEntity(Kind kind) {
    return kind instanceof Kind.Code code && code.isEntity();
  }
}
