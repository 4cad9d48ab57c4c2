#include "scenarios/model/scenario.hpp"

namespace soundcheck {

const ParameterTable<Scenario>& Scenario::parameters() {
  static const auto table =
      ParameterTable<Scenario>("scenario",
                               "What to build, the load, what breaks and what must still hold.")
          .required("soundcheck", &Scenario::format, "version of the format: 1", at_least(1))
          .optional("name", &Scenario::name, "what reports call it; left out: the name of the file")
          .optional("about", &Scenario::about, "what it shows, in a sentence")
          .optional("seed", &Scenario::seed, "another seed is another run")
          .optional("duration", &Scenario::duration, "how long load is put on", above_zero,
                    at_most(kLongestRun))
          .optional("settle", &Scenario::settle,
                    "how long open work may take after the load, at most; auto: from the longest "
                    "retries and WAITs")
          .optional("fidelity", &Scenario::fidelity, "which kernel simulates the hardware")
          .optional("architecture", &Scenario::architecture,
                    "which services of the program are built")
          .optional("hosts", &Scenario::hosts, "what every host is like")
          .optional("topology", &Scenario::topology, "regions, zones and links")
          .optional("services", &Scenario::services, "services by name")
          .optional("defects", &Scenario::defects, "seeded defects that are switched on")
          .optional("population", &Scenario::population, "what the databases hold before the start")
          .optional("business", &Scenario::business, "durations and amounts of the business")
          .optional("workflows", &Scenario::workflows,
                    "workflow definitions as Conductor takes them: names of JSON files, or inline")
          .optional("tasks", &Scenario::tasks,
                    "task definitions as Conductor takes them: names of JSON files, or inline")
          .optional("sagas", &Scenario::sagas,
                    "what the steps of your workflows are to their sagas and what undoes them, by "
                    "workflow, then by the step's reference or name")
          .optional("event-handlers", &Scenario::event_handlers,
                    "event handlers as Conductor takes them: names of JSON files, or inline")
          .optional("workers", &Scenario::workers,
                    "what scripted workers do with tasks, by reference or name: the first time, "
                    "the second time, ...; the last entry repeats")
          .optional("workload", &Scenario::workload, "the load")
          .optional("faults", &Scenario::faults, "what breaks")
          .optional("expect", &Scenario::expect, "what must hold");
  return table;
}

void ParameterForm<Settings>::read(const ParameterNode& node, Settings& into,
                                   ParameterReader& reader) {
  if (!into.empty()) {
    into.table()->read(node, into.object(), reader);
  } else if (!node.is_nothing() && !(node.is_map() && node.entries.empty())) {
    reader.report(MistakeCode::kUnknownField, node.position, "there are no parameters to set here");
  }
}

ParameterNode ParameterForm<Settings>::print(const Settings& value) {
  return value.empty() ? ParameterNode() : value.table()->print(value.object());
}

Json ParameterForm<Settings>::schema(SchemaWriter&) {
  return {{"type", {"object", "null"}}};
}

}  // namespace soundcheck
