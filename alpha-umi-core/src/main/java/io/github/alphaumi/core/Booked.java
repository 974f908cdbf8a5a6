package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the calls made for a node have been reported to cost, until it is written down. */
final class Booked {
  private final List<Map<String, @Nullable Object>> uses = new ArrayList<>();
  private final List<Map<String, @Nullable Object>> repairs = new ArrayList<>();
  private final List<Map<String, @Nullable Object>> agents = new ArrayList<>();

  synchronized void use(Role role, ModelUse use) {
    uses.add(JournalValues.use(role, use));
  }

  synchronized void repair(Role role, String how) {
    Map<String, @Nullable Object> repair = JournalData.members();
    repair.put("role", role.name());
    repair.put("how", how);
    repairs.add(repair);
  }

  synchronized void agent(Usage usage) {
    agents.add(JournalValues.usage(usage));
  }

  /** Adds what there is to an entry's members; afterwards there is nothing. */
  synchronized void moveTo(Map<String, @Nullable Object> members) {
    move(uses, "uses", members);
    move(repairs, "repairs", members);
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
    for (JournalData usage : data.objects("agents")) {
      context.asked(JournalValues.usage(usage));
    }
    context.booked().moveTo(JournalData.members());
  }
}
