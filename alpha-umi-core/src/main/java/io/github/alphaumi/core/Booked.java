package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the calls made for a node have reported about themselves, until it is written down. */
final class Booked {
  private final List<Map<String, @Nullable Object>> uses = new ArrayList<>();
  private final List<Map<String, @Nullable Object>> repairs = new ArrayList<>();
  private final List<Map<String, @Nullable Object>> sure = new ArrayList<>();
  private final List<Map<String, @Nullable Object>> agents = new ArrayList<>();

  private final boolean wanted;

  /**
   * @param wanted whether it will be written down at all
   */
  Booked(boolean wanted) {
    this.wanted = wanted;
  }

  synchronized void use(Role role, ModelUse use) {
    if (wanted) {
      uses.add(JournalValues.use(role, use));
    }
  }

  synchronized void repair(Role role, String how) {
    Map<String, @Nullable Object> repair = JournalData.members();
    repair.put("role", role.name());
    repair.put("how", how);
    if (wanted) {
      repairs.add(repair);
    }
  }

  /** As a text: JSON has no word for every logarithm. */
  synchronized void sure(Role role, double logProbability) {
    Map<String, @Nullable Object> told = JournalData.members();
    told.put("role", role.name());
    told.put("logProbability", Double.toString(logProbability));
    if (wanted) {
      sure.add(told);
    }
  }

  synchronized void agent(AgentResult.Usage usage) {
    if (wanted) {
      agents.add(JournalValues.usage(usage));
    }
  }

  /** Adds what there is to an entry's members; afterwards there is nothing. */
  synchronized void moveTo(Map<String, @Nullable Object> members) {
    move(uses, "uses", members);
    move(repairs, "repairs", members);
    move(sure, "sure", members);
    move(agents, "agents", members);
  }

  private static void move(
      List<Map<String, @Nullable Object>> from, String name, Map<String, @Nullable Object> to) {
    if (!from.isEmpty()) {
      to.put(name, List.copyOf(from));
      from.clear();
    }
  }

  /** Reports again what an entry has; it is written down already. */
  static void restore(JournalData data, NodeContext context) {
    for (JournalData use : data.objects("uses")) {
      context.used(use.constant(Role.class, "role"), JournalValues.use(use));
    }
    for (JournalData repair : data.objects("repairs")) {
      context.repaired(repair.constant(Role.class, "role"), repair.text("how"));
    }
    for (JournalData told : data.objects("sure")) {
      context.sure(
          told.constant(Role.class, "role"), Double.parseDouble(told.text("logProbability")));
    }
    for (JournalData usage : data.objects("agents")) {
      context.asked(JournalValues.usage(usage));
    }
    context.booked().moveTo(JournalData.members());
  }
}
