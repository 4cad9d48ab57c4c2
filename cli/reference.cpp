#include "cli/reference.hpp"

#include <fmt/format.h>

#include "cli/layout.hpp"
#include "cli/parameter_text.hpp"
#include "cli/process_exit.hpp"
#include "faults/fault_definition.hpp"
#include "models/registry/registry.hpp"
#include "reports/output/writer.hpp"
#include "scenarios/assembly/invariants.hpp"
#include "scenarios/model/load.hpp"
#include "sim/core/parameters_mistake.hpp"

namespace soundcheck::cli {
namespace {

std::string list_of(const std::vector<std::string>& names) {
  std::string result;
  for (const std::string& name : names) result += (result.empty() ? "" : ", ") + name;
  return result;
}

std::vector<ReferenceEntry> entries_of(const Named<std::string>& names) {
  std::vector<ReferenceEntry> entries;
  for (const auto& [name, help] : names) entries.push_back({name, help, {}});
  return entries;
}

std::string list_line(std::string_view what, const std::vector<std::string>& names) {
  return names.empty() ? "" : wrapped(fmt::format("{}: {}", what, list_of(names)), 2) + "\n";
}

// What the service has beside its endpoints, as its blueprint says.
std::string blueprint_lines(const ServiceBlueprint& blueprint) {
  std::vector<std::string> tasks, settings, defects, requests;
  for (const WorkerBinding& task : blueprint.tasks) tasks.push_back(task.task_type);
  for (const AnyParameterTable* const table : blueprint.settings) {
    for (const Parameter& parameter : table->parameters()) settings.push_back(parameter.name);
  }
  for (const SeededDefect& defect : blueprint.defects) defects.emplace_back(defect.name);
  for (const RequestType& request : blueprint.requests) requests.emplace_back(request.name);
  std::vector<std::string> invariants;
  for (const Invariant& invariant : reference_invariants()) {
    if (invariant.file == blueprint.name + "/invariants.sql") invariants.push_back(invariant.id);
  }
  return list_line("What clients send to it", requests) +
         list_line("Tasks of workflows that it works on", tasks) +
         list_line("Values of business: that it reads", settings) +
         list_line("Invariants beside its tables", invariants) +
         list_line("Seeded defects that it knows", defects) +
         (blueprint.schema.empty() ? "It keeps no data: it has no database.\n" : "");
}

std::string service_page(const std::string& name, const CatalogueService& service) {
  const ScenarioService& defaults = service.defaults;
  std::vector<Row> rows;
  for (const auto& [method, endpoint] : defaults.endpoints) {
    rows.push_back({method, fmt::format("cpu {}", to_text(endpoint.cpu))});
  }
  std::string page;
  if (!service.is_outside) {
    page = fmt::format("By default {} replicas with {} workers each and a queue of {}.\n",
                       defaults.replicas, defaults.workers, defaults.queue);
  }
  if (const ServiceBlueprint* const blueprint = find_service(name))
    page += blueprint_lines(*blueprint);
  if (rows.empty()) return page;
  return fmt::format("{}{}Endpoints:\n{}", page, page.empty() ? "" : "\n", two_columns(rows));
}

std::vector<ReferenceEntry> service_entries(const Catalogue& catalogue, bool outside) {
  std::vector<ReferenceEntry> entries;
  for (const auto& [architecture, content] : catalogue.architectures) {
    for (const auto& [name, service] : content.services) {
      if (service.is_outside != outside) continue;
      entries.push_back(
          {name, service.help, [&name, &service] { return service_page(name, service); }});
    }
  }
  return entries;
}

std::string fault_page(const FaultDefinition& kind) {
  std::string page;
  if (!kind.parameters->parameters().empty()) {
    page = "Parameters:\n" + parameters_text(*kind.parameters) + "\n";
  }
  std::vector<std::string> fields;
  for (const std::string_view field : target_fields_of(kind.reach)) fields.emplace_back(field);
  page += fmt::format("Fields of target: {}\n", list_of(fields));
  page += kind.lasts != nullptr ? "It strikes in a moment, or heals by itself: it takes no `for`.\n"
                                : "It lasts for `for`; without it, until the load ends.\n";
  page += fmt::format("It {}.\n", describe_guarantees(kind.may_break));
  return page + "\nWhen it strikes (at, every, when) is explained by: soundcheck explain faults\n";
}

std::vector<ReferenceEntry> fault_entries() {
  std::vector<ReferenceEntry> entries;
  for (const FaultDefinition* const kind : fault_kinds()) {
    entries.push_back(
        {std::string(kind->name), std::string(kind->help()), [kind] { return fault_page(*kind); }});
  }
  return entries;
}

std::vector<ReferenceEntry> phase_entries() {
  std::vector<ReferenceEntry> entries;
  const auto add = [&](std::string_view name, std::string_view help, Failpoint failpoint) {
    entries.push_back({std::string(name), std::string(help), [failpoint] {
                         return fmt::format("What a fault can do there: {}.\n",
                                            to_text(permitted_at(failpoint)));
                       }});
  };
  for (const AimPhase& phase : aim_phases()) add(phase.name, phase.help, phase.point.failpoint);
  for (std::size_t i = 0; i < kFailpointCount; ++i) {
    const auto failpoint = static_cast<Failpoint>(i);
    add(name_of(failpoint), place_of(failpoint), failpoint);
  }
  return entries;
}

std::string invariant_page(const Invariant& invariant) {
  std::string page = fmt::format("It must hold {}", text_of(invariant.when));
  if (invariant.by_key()) page += ", and is checked with every commit that touches it";
  if (invariant.sampled()) page += ", and is checked now and then";
  page += ".\nIt reads " + list_of(invariant.tables) + ".";
  return wrapped(page, 0) +
         fmt::format("\nIts query is in {}, line {}.\n", invariant.file, invariant.line);
}

std::vector<ReferenceEntry> invariant_entries() {
  std::vector<ReferenceEntry> entries;
  for (const Invariant& each : reference_invariants()) {
    entries.push_back({each.id, each.title, [&each] { return invariant_page(each); }});
  }
  return entries;
}

std::vector<ReferenceEntry> saga_entries(const Catalogue& catalogue) {
  std::vector<ReferenceEntry> entries;
  for (const auto& [name, saga] : catalogue.sagas) {
    entries.push_back({name, saga.help, [&saga] {
                         return fmt::format(
                             "{}\n\n{}",
                             wrapped("Steps that faults can aim at: " + list_of(saga.steps), 2),
                             saga.chart);
                       }});
  }
  return entries;
}

std::vector<ReferenceEntry> architecture_entries(const Catalogue& catalogue) {
  std::vector<ReferenceEntry> entries;
  for (const auto& [name, content] : catalogue.architectures) {
    entries.push_back({name, content.help, [&content] {
                         return wrapped("Services: " + list_of(content.services.names()), 2) + "\n";
                       }});
  }
  entries.push_back({kOwnArchitecture, "only services that the scenario declares itself", {}});
  return entries;
}

std::vector<ReferenceEntry> mistake_entries() {
  std::vector<ReferenceEntry> entries;
  for (const MistakeExplanation& each : mistake_explanations()) {
    entries.push_back({to_text(each.code), std::string(each.title),
                       [&each] { return wrapped(each.explanation, 0) + "\n"; }});
  }
  return entries;
}

std::vector<ReferenceEntry> business_entries(const Catalogue& catalogue) {
  std::vector<ReferenceEntry> entries;
  if (catalogue.business == nullptr) return entries;
  for (const Parameter& parameter : catalogue.business->parameters()) {
    entries.push_back(
        {parameter.name,
         fmt::format("{} {}", parameter.help, form_text(*catalogue.business, parameter)),
         {}});
  }
  return entries;
}

std::vector<ReferenceEntry> field_entries() {
  std::vector<ReferenceEntry> entries;
  for (const Parameter& parameter : Scenario::parameters().parameters()) {
    entries.push_back({parameter.name, parameter.help, {}});
  }
  return entries;
}

std::vector<ReferenceEntry> file_entries() {
  std::vector<ReferenceEntry> entries;
  for (const Writer& writer : writers()) {
    entries.push_back({std::string(writer.file), std::string(writer.help), {}});
  }
  return entries;
}

std::vector<ReferenceEntry> exit_entries() {
  std::vector<ReferenceEntry> entries;
  for (const ProcessExit& exit : process_exits()) {
    entries.push_back({std::to_string(exit.code), std::string(exit.meaning), {}});
  }
  return entries;
}

}  // namespace

std::vector<ReferenceTopic> reference_topics(const Catalogue& catalogue) {
  return {
      {"fields", "field", "what a scenario says", field_entries()},
      {"architectures", "architecture", "what is built: `architecture:`",
       architecture_entries(catalogue)},
      {"services", "service", "of the architectures: `services:`",
       service_entries(catalogue, false)},
      {"outside", "party outside", "services of others, which can be called and broken",
       service_entries(catalogue, true)},
      {"requests", "request type", "what clients ask for: `workload: mix:`",
       entries_of(catalogue.request_types)},
      {"sagas", "saga", "workflows, forward and undo", saga_entries(catalogue)},
      {"faults", "fault kind", "what can be broken: `faults: kind:`", fault_entries()},
      {"phases", "phase", "moments within a step that faults can aim at: `when: phase:`",
       phase_entries()},
      {"invariants", "invariant", "what must always hold: `expect: invariants:`",
       invariant_entries()},
      {"defects", "defect", "seeded mistakes, which the invariants must find: `defects:`",
       entries_of(catalogue.defects)},
      {"business", "business parameter", "durations and amounts: `business:`",
       business_entries(catalogue)},
      {"errors", "error", "what can be wrong with a scenario", mistake_entries()},
      {"files", "file of a run", "what a run writes into its folder", file_entries()},
      {"exits", "exit code", "what the program answers to a script", exit_entries()},
  };
}

}  // namespace soundcheck::cli
