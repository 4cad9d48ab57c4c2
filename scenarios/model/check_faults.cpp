#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/model/cross_checks.hpp"

namespace soundcheck {
namespace {

ScenarioPath below(ScenarioPath path, std::string_view name) {
  path.emplace_back(name);
  return path;
}

constexpr std::string_view kDatabaseSuffix = ".database";
constexpr std::string_view kClients = "clients";

bool is_among(const std::string& name, const std::vector<std::string>& names) {
  return std::ranges::find(names, name) != names.end();
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
  std::vector<std::string> names;
  for (std::size_t i = 0; i < scenario_.faults.size(); ++i) {
    const ScenarioPath path = {"faults", std::to_string(i)};
    const ScenarioFault& fault = scenario_.faults[i];
    check_fault(path, fault);
    if (is_among(fault.name, names)) {
      contradiction(below(path, "name"),
                    fmt::format("two faults are called '{}' and would draw the same random numbers",
                                fault.name),
                    "give one of them another name");
    }
    names.push_back(fault.name);
  }
}

void CrossChecker::check_fault(const ScenarioPath& path, const ScenarioFault& fault) {
  const std::size_t before = mistakes_.size();
  check_timing(path, fault);
  if (fault.when) check_aim(below(path, "when"), *fault.when);
  check_target(below(path, "target"), fault);
  const bool is_sound = mistakes_.size() == before && !was_misread(path);
  if (is_sound && catalogue_.faults.contains(fault.kind)) check_rules(path, fault);
}

// What only those know who make the faults: which values go together.
void CrossChecker::check_rules(const ScenarioPath& path, const ScenarioFault& fault) {
  if (!catalogue_.rules_broken_by) return;
  for (const BrokenRule& rule : catalogue_.rules_broken_by(fault)) {
    ScenarioPath field = path;
    for (std::size_t at = 0; at < rule.field.size();) {
      const std::size_t dot = std::min(rule.field.find('.', at), rule.field.size());
      field.push_back(rule.field.substr(at, dot - at));
      at = dot + 1;
    }
    contradiction(field, rule.sentence, rule.hint);
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
  if (!aim.service.empty()) {
    check_known(below(path, "service"), "service", aim.service, callees_);
  }
  if (!aim.saga.empty() &&
      !check_known(below(path, "saga"), "saga", aim.saga, workflows_.names())) {
    return;
  }
  if (aim.step.empty()) return;
  std::vector<std::string> steps;
  for (const auto& [name, references] : workflows_) {
    if (aim.saga.empty() || aim.saga == name)
      steps.insert(steps.end(), references.begin(), references.end());
  }
  check_known(below(path, "step"), "step", aim.step, steps, Point::kValue, aim.saga);
}

void CrossChecker::check_target(const ScenarioPath& path, const ScenarioFault& fault) {
  const ScenarioFaultTarget& target = fault.target;
  if (const FaultKind* kind = catalogue_.faults.find(fault.kind))
    check_target_fields(path, fault, *kind);
  const auto& topology = scenario_.topology;
  if (!target.service.empty())
    check_known(below(path, "service"), "service", target.service, callees_);
  if (!target.database.empty() &&
      check_known(below(path, "database"), "service", target.database, callees_) &&
      !has_database(target.database)) {
    contradiction(below(path, "database"), fmt::format("'{}' keeps no data", target.database));
  }
  if (!target.host.empty() && !built_.hosts.empty()) {
    check_known(below(path, "host"), "host", target.host, built_.hosts);
  }
  if (!target.zone.empty()) {
    check_known(below(path, "zone"), "zone", target.zone, topology.zones.names());
  }
  if (!target.region.empty()) {
    check_known(below(path, "region"), "region", target.region, topology.regions.names());
  }
  std::vector<std::string> ends = callees_;
  for (const std::string& zone : topology.zones.names()) ends.push_back(zone);
  for (const std::string& region : topology.regions.names()) ends.push_back(region);
  ends.insert(ends.end(), built_.hosts.begin(), built_.hosts.end());
  for (const auto& [name, end] : {std::pair("from", &target.from), std::pair("to", &target.to)}) {
    if (end->empty() || *end == kClients || is_database(*end)) continue;
    check_known(below(path, name), "service, zone, region or host", *end, ends);
  }
  const std::string& callee = target.service.empty() ? target.to : target.service;
  if (!target.method.empty() && is_among(callee, callees_)) {
    check_method(below(path, "method"), callee + "." + target.method, Point::kValue);
  }
  if (!target.replica.empty()) check_replica(path, fault);
}

// Where the scenario cannot be built because of other mistakes, what might be there passes.
bool CrossChecker::has_database(const std::string& service) const {
  return built_.services.empty() ||
         is_among(service + std::string(kDatabaseSuffix), built_.services);
}

bool CrossChecker::is_database(const std::string& name) const {
  if (!name.ends_with(kDatabaseSuffix)) return false;
  const std::string service = name.substr(0, name.size() - kDatabaseSuffix.size());
  return is_among(service, callees_) && has_database(service);
}

void CrossChecker::check_target_fields(const ScenarioPath& path, const ScenarioFault& fault,
                                       const FaultKind& kind) {
  const auto fields = given_fields(fault.target);
  for (const auto& [name, value] : fields) {
    if (is_among(name, kind.targets)) continue;
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
  ScenarioPath aim = target_path;
  aim.back() = "when";
  if (const auto index = parse_integer(replica)) {
    const ScenarioService* service = scenario_.services.find(fault.target.service);
    const bool of_database = !fault.target.database.empty();
    const int replicas = service != nullptr ? service->replicas : 1;
    if ((service != nullptr || of_database) && (*index < 0 || *index >= replicas)) {
      report(
          MistakeCode::kOutOfBounds, path, Point::kValue,
          fmt::format("'{}' has {} {}",
                      of_database ? fault.target.database + std::string(kDatabaseSuffix)
                                  : fault.target.service,
                      replicas, replicas == 1 ? "replica, number 0" : "replicas, numbered from 0"));
    }
    return;
  }
  if (replica == "primary") {
    report(MistakeCode::kNotSimulated, path, Point::kValue,
           "copies of a database are not simulated yet, so none is the primary",
           fmt::format("write database: {} in place of service and replica", fault.target.service));
  } else if (!check_known(path, "replica", replica, replica_roles())) {
    mistakes_.back().note += ", or a number from 0";
  } else if (replica == "involved" && !fault.when && !was_misread(aim)) {
    contradiction(path, "no saga is involved: this fault is not aimed with 'when'",
                  "write any or one, or aim the fault");
  }
}

}  // namespace soundcheck
