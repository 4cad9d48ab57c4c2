#include "scenarios/model/cross_checks.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/model/load.hpp"
#include "scenarios/model/workflow_tasks.hpp"
#include "sim/core/did_you_mean.hpp"

namespace soundcheck {
namespace {

constexpr std::string_view kInternet = "internet";

const ParameterNode::Entry* entry_of(const ParameterNode& node, const std::string& name) {
  return node.is_map() ? node.find(name) : nullptr;
}

const ParameterNode* child_of(const ParameterNode& node, const std::string& name) {
  if (node.is_list()) {
    const auto index = parse_integer(name);
    const bool exists =
        index && *index >= 0 && static_cast<std::size_t>(*index) < node.items.size();
    return exists ? &node.items[static_cast<std::size_t>(*index)] : nullptr;
  }
  const auto* entry = entry_of(node, name);
  return entry == nullptr ? nullptr : &entry->value;
}

}  // namespace

void check_references(const Scenario& scenario, const ParameterNode& root,
                      const Catalogue& catalogue, Mistakes& mistakes) {
  CrossChecker checker(scenario, root, catalogue, mistakes);
  checker.check_names();
  checker.check_platform();
  checker.check_services();
  checker.check_workflows();
  checker.check_definitions();
  checker.check_workload();
  checker.check_population();
  checker.find_built_names();
  checker.check_databases();
  checker.check_faults();
  checker.check_expectations();
}

CrossChecker::CrossChecker(const Scenario& scenario, const ParameterNode& root,
                           const Catalogue& catalogue, Mistakes& mistakes)
    : scenario_(scenario),
      root_(root),
      catalogue_(catalogue),
      mistakes_(mistakes),
      reading_mistakes_(mistakes.size()),
      architecture_(catalogue.architectures.find(scenario.architecture)),
      requests_(request_types(scenario, catalogue)) {
  if (scenario.architecture != kOwnArchitecture) {
    for (const auto& [name, saga] : catalogue.sagas) workflows_.at_or_add(name) = saga.steps;
  }
  for (const conductor::WorkflowDefinition& workflow : scenario.workflows) {
    if (workflow.name.empty()) continue;  // reported while reading
    workflows_.at_or_add(workflow.name) = references_of(workflow);
  }
  for (const auto& [name, service] : scenario.services) {
    const bool known = known_service(name) != nullptr;
    if (known || is_given({"services", name, "declared"})) callees_.push_back(name);
  }
  if (architecture_ == nullptr) return;
  for (const auto& [name, service] : architecture_->services) {
    if (service.is_outside) callees_.push_back(name);
  }
}

void CrossChecker::find_built_names() {
  const bool is_sound = std::ranges::all_of(mistakes_, &Mistake::is_warning);
  if (is_sound && catalogue_.names_built_by) {
    built_ = catalogue_.names_built_by(scenario_);
  }
}

const CatalogueService* CrossChecker::known_service(const std::string& name) const {
  const CatalogueService* found = nullptr;
  if (architecture_ != nullptr) found = architecture_->services.find(name);
  if (found == nullptr && !scenario_.workflows.empty())
    found = catalogue_.workflows.orchestrator.find(name);
  if (found == nullptr && name == kWorkersService && !scenario_.workers.empty())
    found = &catalogue_.workflows.workers;
  return found;
}

void CrossChecker::check_names() {
  if (scenario_.architecture != kOwnArchitecture) {
    std::vector<std::string> architectures = catalogue_.architectures.names();
    architectures.push_back(kOwnArchitecture);
    check_known({"architecture"}, "architecture", scenario_.architecture, architectures);
  }
  Mistakes name_mistakes;
  ParameterReader reader(name_mistakes);
  if (!expect_name(scenario_.name, {}, reader)) {
    report(MistakeCode::kUnreadableValue, {"name"}, Point::kValue, name_mistakes[0].sentence);
  }
  for (std::size_t i = 0; i < scenario_.defects.size(); ++i) {
    check_known({"defects", std::to_string(i)}, "defect", scenario_.defects[i],
                catalogue_.defects.names());
  }
}

void CrossChecker::check_platform() {
  const ParameterNode* const given = node_at({"topology", "regions"});
  std::vector<std::string> regions;
  for (std::size_t i = 0; given != nullptr && i < given->entries.size(); ++i)
    regions.push_back(given->entries[i].name);
  for (const auto& [name, zone] : scenario_.topology.zones) {
    const ScenarioPath path = {"topology", "zones", name};
    if (name == kInternet)
      contradiction(path, "the program's clients and outside parties are there already",
                    "give your zone another name");
    if (regions.empty()) continue;  // those that zones name are all there are
    if (is_given({"topology", "zones", name, "region"})) {
      check_known({"topology", "zones", name, "region"}, "region", zone.region, regions);
    } else if (std::ranges::find(regions, zone.region) == regions.end()) {
      warn(path, Point::kName, fmt::format("it lies in a region of its own, '{}'", zone.region),
           fmt::format("say in which of: {}", fmt::join(regions, ", ")));
    }
  }
  for (const auto& [name, region] : scenario_.topology.regions) {
    if (name == kInternet)
      contradiction({"topology", "regions", name},
                    "the program's clients and outside parties are there already",
                    "give your region another name");
    const bool used = std::ranges::any_of(
        scenario_.topology.zones, [&](const auto& zone) { return zone.second.region == name; });
    if (!used) contradiction({"topology", "regions", name}, "no zone lies in this region");
  }
}

bool CrossChecker::check_known(const ScenarioPath& path, std::string_view what,
                               const std::string& name, const std::vector<std::string>& known,
                               Point point, const std::string& owner) {
  if (std::ranges::find(known, name) != known.end()) return true;
  const std::string nearest = nearest_name(name, known);
  report(MistakeCode::kUnknownName, path, point,
         fmt::format("there is no {} '{}'{}{}", what, name, owner.empty() ? "" : " of ", owner),
         nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest),
         known.empty() ? fmt::format("no {} is known", what)
                       : fmt::format("known: {}", fmt::join(known, ", ")));
  return false;
}

bool CrossChecker::was_misread(const ScenarioPath& path) const {
  const std::string here = fmt::format("{}.", fmt::join(path, "."));
  return std::any_of(
      mistakes_.begin(), mistakes_.begin() + static_cast<std::ptrdiff_t>(reading_mistakes_),
      [&](const Mistake& mistake) {
        const std::string there = mistake.path + ".";
        return there.starts_with(here) || (!mistake.path.empty() && here.starts_with(there));
      });
}

void CrossChecker::warn(const ScenarioPath& path, Point point, std::string sentence,
                        std::string hint) {
  report(MistakeCode::kDoubtful, path, point, std::move(sentence), std::move(hint));
  mistakes_.back().is_warning = true;
}

void CrossChecker::contradiction(const ScenarioPath& path, std::string sentence, std::string hint) {
  report(MistakeCode::kContradiction, path, Point::kValue, std::move(sentence), std::move(hint));
}

// Underlines the nearest thing on the path that stands in a file: the rest may be a default.
void CrossChecker::report(MistakeCode code, const ScenarioPath& path, Point point,
                          std::string sentence, std::string hint, std::string note) {
  const ParameterNode* node = &root_;
  SourcePosition position = root_.position;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto* entry = entry_of(*node, path[i]);
    const ParameterNode* child = child_of(*node, path[i]);
    if (child == nullptr) break;
    const bool is_named = entry != nullptr && (point == Point::kName || !child->is_text());
    position = is_named ? entry->name_position : child->position;
    node = child;
  }
  mistakes_.push_back({code, position, fmt::format("{}", fmt::join(path, ".")), std::move(sentence),
                       std::move(hint), std::move(note)});
}

const ParameterNode* CrossChecker::node_at(const ScenarioPath& path) const {
  const ParameterNode* node = &root_;
  for (const std::string& name : path) {
    node = child_of(*node, name);
    if (node == nullptr) return nullptr;
  }
  return node;
}

}  // namespace soundcheck
