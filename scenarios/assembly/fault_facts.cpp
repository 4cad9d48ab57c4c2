#include "scenarios/assembly/fault_facts.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "faults/fault_spec.hpp"

namespace soundcheck {
namespace {

std::string target_text(const FaultTarget& target) {
  if (target.from || target.to)
    return fmt::format("{} -> {}", target.from.value_or("all"), target.to.value_or("all"));
  if (target.database) return *target.database + ".database";
  for (const auto* name : {&target.service, &target.host, &target.zone, &target.region}) {
    if (*name) return **name;
  }
  return "all";
}

}  // namespace

std::vector<FaultFact> fault_facts_of(const Scenario& scenario) {
  std::vector<FaultFact> facts;
  for (const FaultSpec& fault : scenario.faults) {
    const bool by_chance = fault.when && fault.when->chance < Probability::always();
    facts.push_back({.number = static_cast<std::int64_t>(facts.size()),
                     .kind = fault.kind,
                     .target = target_text(fault.target),
                     .name = fault.name,
                     .by_chance = by_chance,
                     .may_miss = fault.may_miss});
  }
  return facts;
}

}  // namespace soundcheck
