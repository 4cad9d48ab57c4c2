#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/model/cross_checks.hpp"

namespace soundcheck {
namespace {

ScenarioPath below(ScenarioPath path, std::string_view name) {
  path.emplace_back(name);
  return path;
}

// The fields of a target with what they say, in the order of the table.
std::vector<std::pair<std::string, std::string>> given_fields(const ScenarioFaultTarget& target) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (auto& entry : ScenarioFaultTarget::parameters().print(&target).entries) {
    if (!entry.value.text.empty()) fields.emplace_back(entry.name, entry.value.text);
  }
  return fields;
}

}  // namespace

void CrossChecker::check_faults() {
  for (std::size_t i = 0; i < scenario_.faults.size(); ++i) {
    const ScenarioPath path = {"faults", std::to_string(i)};
    const ScenarioFault& fault = scenario_.faults[i];
    check_timing(path, fault);
    if (fault.when) check_aim(below(path, "when"), *fault.when);
    check_target(below(path, "target"), fault);
  }
}

void CrossChecker::check_timing(const ScenarioPath& path, const ScenarioFault& fault) {
  std::vector<std::string> given;
  for (const char* name : {"at", "every", "when"}) {
    if (is_given(below(path, name))) given.emplace_back(name);
  }
  if (given.empty()) {
    const ParameterNode* node = node_at(path);
    if (node == nullptr || !node->is_map()) return;  // reported while reading
    contradiction(path, "nothing says when this fault strikes", "add 'at', 'every' or 'when'");
  } else if (given.size() > 1) {
    contradiction(below(path, given[1]),
                  fmt::format("'{}' and '{}' both say when this fault strikes", given[0], given[1]),
                  "make it two faults");
  }
  if (fault.at && *fault.at >= scenario_.duration && !was_misread({"duration"})) {
    contradiction(below(path, "at"), fmt::format("the load has ended by then: its duration is {}",
                                                 to_text(scenario_.duration)));
  }
  const FaultKind* kind = catalogue_.faults.find(fault.kind);
  if (kind != nullptr && kind->length == FaultLength::kMoment && fault.lasts) {
    contradiction(below(path, "for"),
                  fmt::format("{} strikes at a moment and does not last", fault.kind),
                  "remove 'for'");
  }
}

void CrossChecker::check_aim(const ScenarioPath& path, const ScenarioFaultAim& aim) {
  if (!aim.phase.empty()) {
    check_known(below(path, "phase"), "phase", aim.phase, catalogue_.phases.names());
  }
  if (aim.saga.empty() ||  // reported while reading
      !check_known(below(path, "saga"), "saga", aim.saga, catalogue_.sagas.names())) {
    return;
  }
  if (aim.step.empty()) return;
  check_known(below(path, "step"), "step", aim.step, catalogue_.sagas.find(aim.saga)->steps,
              Point::kValue, aim.saga);
}

void CrossChecker::check_target(const ScenarioPath& path, const ScenarioFault& fault) {
  const ScenarioFaultTarget& target = fault.target;
  if (const FaultKind* kind = catalogue_.faults.find(fault.kind))
    check_target_fields(path, fault, *kind);
  const auto& topology = scenario_.topology;
  if (!target.service.empty())
    check_known(below(path, "service"), "service", target.service, callees_);
  if (!target.zone.empty()) {
    check_known(below(path, "zone"), "zone", target.zone, topology.zones.names());
  }
  if (!target.region.empty()) {
    check_known(below(path, "region"), "region", target.region, topology.regions.names());
  }
  std::vector<std::string> ends = callees_;
  for (const std::string& zone : topology.zones.names()) ends.push_back(zone);
  for (const std::string& region : topology.regions.names()) ends.push_back(region);
  for (const auto& [name, end] : {std::pair("from", &target.from), std::pair("to", &target.to)}) {
    if (!end->empty()) check_known(below(path, name), "service, zone or region", *end, ends);
  }
  if (!target.method.empty() && !target.service.empty() &&
      std::ranges::find(callees_, target.service) != callees_.end()) {
    check_method(below(path, "method"), target.service + "." + target.method, Point::kValue);
  }
  if (!target.replica.empty()) check_replica(path, fault);
}

void CrossChecker::check_target_fields(const ScenarioPath& path, const ScenarioFault& fault,
                                       const FaultKind& kind) {
  const auto fields = given_fields(fault.target);
  for (const auto& [name, value] : fields) {
    if (std::ranges::find(kind.targets, name) != kind.targets.end()) continue;
    report(MistakeCode::kContradiction, below(path, name), Point::kName,
           fmt::format("{} does not strike a {}", fault.kind, name), {},
           fmt::format("it takes: {}", fmt::join(kind.targets, ", ")));
  }
  for (const std::string& name : kind.required_targets) {
    const bool given = std::ranges::any_of(fields, [&](const auto& f) { return f.first == name; });
    if (given || was_misread(below(path, name))) continue;
    report(MistakeCode::kMissingField, path, Point::kName,
           fmt::format("{} needs a target with '{}'", fault.kind, name), {},
           fmt::format("it takes: {}", fmt::join(kind.targets, ", ")));
  }
}

void CrossChecker::check_replica(const ScenarioPath& target_path, const ScenarioFault& fault) {
  const std::string& replica = fault.target.replica;
  const ScenarioPath path = below(target_path, "replica");
  if (const auto index = parse_integer(replica)) {
    const ScenarioService* service = scenario_.services.find(fault.target.service);
    if (service != nullptr && (*index < 0 || *index >= service->replicas)) {
      report(MistakeCode::kOutOfBounds, path, Point::kValue,
             fmt::format("'{}' has {} replicas, numbered from 0", fault.target.service,
                         service->replicas));
    }
    return;
  }
  if (!check_known(path, "replica", replica, replica_roles())) {
    mistakes_.back().note += ", or a number from 0";
  } else if (replica == "involved" && !fault.when) {
    contradiction(path, "no saga is involved: this fault is not aimed with 'when'",
                  "write one, or aim the fault");
  }
}

}  // namespace soundcheck
