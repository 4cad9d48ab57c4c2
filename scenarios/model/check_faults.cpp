#include <fmt/ranges.h>

#include <algorithm>

#include "faults/fault_problems.hpp"
#include "scenarios/model/cross_checks.hpp"
#include "sim/core/printable.hpp"

namespace soundcheck {
namespace {

constexpr std::string_view kClients = "clients";

bool is_among(const std::string& name, const std::vector<std::string>& names) {
  return std::ranges::find(names, name) != names.end();
}

// The names of the fields that are there, in the order of the table.
std::vector<std::string> given_fields(const FaultTarget& target) {
  std::vector<std::string> names;
  for (const auto& entry : FaultTarget::parameters().print(&target).entries) {
    if (!entry.value.text.empty()) names.push_back(entry.name);
  }
  return names;
}

}  // namespace

void CrossChecker::check_faults() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < scenario_.faults.size(); ++i) {
    const ScenarioPath path = {"faults", std::to_string(i)};
    const FaultSpec& fault = scenario_.faults[i];
    check_fault(path, fault);
    if (first_unprintable(fault.name) != std::string::npos)
      contradiction(below(path, "name"), "the name of a fault is one line of ordinary characters");
    if (is_among(fault.name, names)) {
      contradiction(below(path, "name"),
                    fmt::format("two faults are called '{}' and would draw the same random numbers",
                                fault.name),
                    "give one of them another name");
    }
    names.push_back(fault.name);
  }
}

void CrossChecker::check_fault(const ScenarioPath& path, const FaultSpec& fault) {
  const std::size_t before = mistakes_.size();
  check_timing(path, fault);
  if (fault.when) check_aim(below(path, "when"), *fault.when);
  check_target(below(path, "target"), fault);
  const bool is_sound = mistakes_.size() == before && !was_misread(path);
  if (is_sound && find_fault_kind(fault.kind) != nullptr) check_rules(path, fault);
  if (mistakes_.size() == before && is_sound) check_strikes(path, fault);
}

// Which values go together.
void CrossChecker::check_rules(const ScenarioPath& path, const FaultSpec& fault) {
  for (const FaultProblem& problem : problems_of(fault)) {
    ScenarioPath field = path;
    const std::string& name = problem.parameter;
    for (std::size_t at = 0; at < name.size();) {
      const std::size_t dot = std::min(name.find('.', at), name.size());
      field.push_back(name.substr(at, dot - at));
      at = dot + 1;
    }
    contradiction(field, problem.sentence, problem.hint);
  }
}

void CrossChecker::check_timing(const ScenarioPath& path, const FaultSpec& fault) {
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
}

void CrossChecker::check_aim(const ScenarioPath& path, const FaultAim& aim) {
  if (aim.chance == Probability::never())
    contradiction(below(path, "chance"), "with a chance of 0 % it never strikes", "leave it out");
  if (aim.service) check_known(below(path, "service"), "service", *aim.service, callees_);
  if (aim.saga && !check_known(below(path, "saga"), "saga", *aim.saga, workflows_.names())) return;
  if (!aim.step) return;
  std::vector<std::string> steps;
  for (const auto& [name, references] : workflows_) {
    if (!aim.saga || *aim.saga == name)
      steps.insert(steps.end(), references.begin(), references.end());
  }
  check_known(below(path, "step"), "step", *aim.step, steps, Point::kValue,
              aim.saga.value_or(std::string()));
}

void CrossChecker::check_target(const ScenarioPath& path, const FaultSpec& fault) {
  const FaultTarget& target = fault.target;
  check_target_fields(path, fault);
  const auto& topology = scenario_.topology;
  if (target.service) check_known(below(path, "service"), "service", *target.service, callees_);
  if (target.database &&
      check_known(below(path, "database"), "service", *target.database, callees_) &&
      !has_database(*target.database)) {
    contradiction(below(path, "database"), fmt::format("'{}' keeps no data", *target.database));
  }
  if (target.host && !built_.hosts.empty())
    check_known(below(path, "host"), "host", *target.host, built_.hosts);
  if (target.zone) check_known(below(path, "zone"), "zone", *target.zone, topology.zones.names());
  if (target.region)
    check_known(below(path, "region"), "region", *target.region, topology.regions.names());
  std::vector<std::string> ends = callees_;
  for (const std::string& zone : topology.zones.names()) ends.push_back(zone);
  for (const std::string& region : topology.regions.names()) ends.push_back(region);
  ends.insert(ends.end(), built_.hosts.begin(), built_.hosts.end());
  for (const auto& [name, end] : {std::pair("from", &target.from), std::pair("to", &target.to)}) {
    if (!*end || **end == kClients || is_database(**end)) continue;
    check_known(below(path, name), "service, zone, region or host", **end, ends);
  }
  const std::string callee = target.service ? *target.service : target.to.value_or(std::string());
  if (target.method && is_among(callee, callees_))
    check_method(below(path, "method"), callee + "." + *target.method, Point::kValue);
  if (target.replica) check_replica(path, fault);
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

void CrossChecker::check_target_fields(const ScenarioPath& path, const FaultSpec& fault) {
  const FaultDefinition* const kind = find_fault_kind(fault.kind);
  if (kind == nullptr) return;
  const std::vector<std::string_view> taken = target_fields_of(kind->reach);
  for (const std::string& name : given_fields(fault.target)) {
    if (std::ranges::find(taken, name) != taken.end()) continue;
    report(MistakeCode::kContradiction, below(path, name), Point::kName,
           fmt::format("{} does not strike a {}", fault.kind, name), {},
           fmt::format("it takes: {}", fmt::join(taken, ", ")));
  }
}

void CrossChecker::check_replica(const ScenarioPath& target_path, const FaultSpec& fault) {
  const FaultTarget& target = fault.target;
  const ScenarioPath path = below(target_path, "replica");
  ScenarioPath aim = target_path;
  aim.back() = "when";
  if (target.replica->kind == ReplicaRole::Kind::kIndex) {
    const ScenarioService* service =
        target.service ? scenario_.services.find(*target.service) : nullptr;
    const std::uint32_t replicas =
        service != nullptr ? static_cast<std::uint32_t>(service->replicas) : 1;
    if ((service != nullptr || target.database) && target.replica->index >= replicas) {
      report(
          MistakeCode::kOutOfBounds, path, Point::kValue,
          fmt::format(
              "'{}' has {} {}",
              target.database ? *target.database + std::string(kDatabaseSuffix) : *target.service,
              replicas, replicas == 1 ? "replica, number 0" : "replicas, numbered from 0"));
    }
  } else if (target.replica->kind == ReplicaRole::Kind::kInvolved && !fault.when &&
             !was_misread(aim)) {
    contradiction(path, "no saga is involved: this fault is not aimed with 'when'",
                  "write any or one, or aim the fault");
  }
}

}  // namespace soundcheck
