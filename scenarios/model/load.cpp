#include "scenarios/model/load.hpp"

#include <algorithm>

#include "scenarios/document/listed_files.hpp"
#include "scenarios/document/yaml.hpp"
#include "scenarios/model/cross_checks.hpp"
#include "scenarios/model/misspelt.hpp"
#include "scenarios/model/schema_rules.hpp"
#include "sim/core/letters.hpp"

namespace soundcheck {
namespace {

// What the scenario is before anything of the file is read: the services of the architecture that
// the file names.
Scenario defaults(const Catalogue& catalogue, const ParameterNode& root) {
  Scenario scenario;
  scenario.architecture = kOwnArchitecture;
  if (!catalogue.architectures.empty())
    scenario.architecture = catalogue.architectures.begin()->first;
  if (catalogue.business != nullptr) scenario.business = Settings(*catalogue.business);
  const auto* wanted = root.find("architecture");
  const std::string& name = wanted != nullptr ? wanted->value.text : scenario.architecture;
  if (const CatalogueArchitecture* architecture = catalogue.architectures.find(name)) {
    for (const auto& [service, entry] : architecture->services) {
      if (!entry.is_outside) scenario.services.at_or_add(service) = entry.defaults;
    }
  }
  const auto has = [&root](const char* field) {
    const auto* const entry = root.find(field);
    return entry != nullptr && (!entry->value.items.empty() || !entry->value.entries.empty());
  };
  if (has("workflows")) {
    for (const auto& [service, entry] : catalogue.workflows.orchestrator) {
      if (!scenario.services.contains(service))
        scenario.services.at_or_add(service) = entry.defaults;
    }
  }
  if (has("workers"))
    scenario.services.at_or_add(kWorkersService) = catalogue.workflows.workers.defaults;
  return scenario;
}

std::string name_of_file(const std::filesystem::path& path) {
  std::string name = path == "-" ? "scenario" : path.stem().string();
  for (char& c : name) {
    if (!is_letter(c) && !is_digit(c) && c != '_' && c != '.') c = '-';
  }
  return name.empty() ? "scenario" : name;
}

void fill_in_service(ScenarioService& service) {
  if (!service.spread) service.spread = service.zone.empty() ? Spread::kZones : Spread::kHosts;
}

// Defaults that depend on other values.
void fill_in(Scenario& scenario, const ParameterNode& root, const std::filesystem::path& path,
             const Catalogue& catalogue) {
  if (scenario.name.empty()) scenario.name = name_of_file(path);
  if (scenario.topology.zones.empty()) scenario.topology.zones.at_or_add("zone-1");
  for (const auto& [name, zone] : scenario.topology.zones) {
    scenario.topology.regions.at_or_add(zone.region);
  }
  for (auto& [name, service] : scenario.services) fill_in_service(service);
  if (root.find("workload") == nullptr) {
    ScenarioWorkload& load = scenario.workload.emplace_back();
    load.arrivals.emplace();
  }
  for (std::size_t i = 0; i < scenario.workload.size(); ++i) {
    ScenarioWorkload& load = scenario.workload[i];
    if (load.name.empty()) load.name = fmt::format("load-{}", i + 1);
    // Where there is nothing else to ask for, the first workflow is what the scenario is about.
    const bool has_nothing =
        load.mix.empty() && load.workflow.empty() && request_types(scenario, catalogue).empty();
    if (has_nothing && !scenario.workflows.empty()) load.workflow = scenario.workflows[0].name;
    if (load.mix.empty() && load.workflow.empty()) load.mix = default_mix(scenario, catalogue);
    if (load.clients && !load.think && !load.pace)
      load.think = Distribution::exponential(Duration::seconds(4));
  }
  name_faults(scenario.faults);
}

ParameterContext context_of(const Document& document) {
  ParameterContext context;
  context.read_file = [&document](const std::string& path,
                                  const SourcePosition& named_at) -> Parsed<std::string> {
    const auto file = document.locate(path, named_at);
    if (!file) return std::unexpected(file.error());
    return read_text_file(*file);
  };
  return context;
}

// Reads the tree as it is meant: misspelt names of fields become those that they should be, and are
// reported once.
Scenario read_as_meant(Document& document, const Catalogue& catalogue, MisspeltNames& misspelt) {
  for (;;) {
    Scenario scenario = defaults(catalogue, document.root);
    Mistakes mistakes;
    ParameterReader reader(mistakes, context_of(document));
    Scenario::parameters().read(document.root, &scenario, reader);
    if (!misspelt.correct(document.root, mistakes)) {
      document.mistakes.insert(document.mistakes.end(), mistakes.begin(), mistakes.end());
      return scenario;
    }
    for (const std::string_view list : kDefinitionLists) splice_listed_files(document, list);
  }
}

}  // namespace

Checked<Scenario> load_scenario(const std::filesystem::path& path, const Overrides& overrides,
                                const Catalogue& catalogue) {
  std::vector<std::string> fields;
  for (const Parameter& field : Scenario::parameters().parameters()) fields.push_back(field.name);
  Document document = load_document(path, overrides, kDefinitionLists, fields);
  Scenario scenario;
  if (document.is_readable) {  // else everything would be reported as missing
    MisspeltNames misspelt;
    scenario = read_as_meant(document, catalogue, misspelt);
    fill_in(scenario, document.root, path, catalogue);
    if (document.is_whole) {  // else names of the missing files would be reported
      check_references(scenario, document.root, catalogue, document.mistakes);
    }
    misspelt.report(document.mistakes);
  }
  Checked<Scenario> result;
  result.diagnostics = Diagnostics(std::move(document.sources), std::move(document.mistakes));
  if (result.diagnostics.size() == result.diagnostics.warnings())
    result.value = std::move(scenario);
  return result;
}

std::string show_scenario(const Scenario& scenario) {
  return "# yaml-language-server: $schema=soundcheck.schema.json\n" +
         to_yaml(Scenario::parameters().print(&scenario));
}

Json scenario_schema(const Catalogue& catalogue) {
  SchemaWriter writer;
  Json schema = Scenario::parameters().schema(writer);
  Json& properties = schema["properties"];
  properties["soundcheck"] = {{"const", 1}, {"description", "version of the format"}};
  properties["include"] = {
      {"type", {"array", "string"}},
      {"items", {{"type", "string"}}},
      {"description",
       "files merged below this one: maps field by field, lists and values as a whole"}};
  if (catalogue.business != nullptr) properties["business"] = catalogue.business->schema(writer);
  std::vector<std::string> architectures = catalogue.architectures.names();
  architectures.push_back(kOwnArchitecture);
  properties["architecture"]["enum"] = architectures;
  properties["defects"]["items"] = {{"enum", catalogue.defects.names()}};
  schema["$schema"] = "http://json-schema.org/draft-07/schema#";
  schema["title"] = "Soundcheck scenario";
  schema["definitions"] = std::move(writer.definitions);
  add_rules(schema, catalogue);
  return schema;
}

std::vector<std::string> request_types(const Scenario& scenario, const Catalogue& catalogue) {
  std::vector<std::string> names;
  if (scenario.architecture != kOwnArchitecture) names = catalogue.request_types.names();
  for (const auto& [service, entry] : scenario.services) {
    if (!entry.declared) continue;
    for (const auto& [endpoint, steps] : entry.declared->endpoints) {
      names.push_back(service + "." + endpoint);
    }
  }
  return names;
}

Named<double> default_mix(const Scenario& scenario, const Catalogue& catalogue) {
  if (scenario.architecture != kOwnArchitecture) return catalogue.default_mix;
  Named<double> mix;
  for (const std::string& name : request_types(scenario, catalogue)) mix.at_or_add(name) = 1;
  return mix;
}

}  // namespace soundcheck
