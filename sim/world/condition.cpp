#include "sim/world/condition.hpp"

#include <fmt/format.h>

#include "sim/core/units.hpp"

namespace soundcheck {

WorldCondition condition_of(const World& world) {
  WorldCondition condition;
  for (std::uint32_t i = 0; i < world.platform().hosts.size(); ++i) {
    condition.hosts_on.push_back(world.host_on(HostId(i)));
  }
  for (std::uint32_t i = 0; i < world.process_count(); ++i) {
    const Process& process = world.process(ProcessId(i));
    condition.processes.push_back({.state = process.state,
                                   .paused = world.paused(ProcessId(i)),
                                   .clock_offset = process.clock_offset});
  }
  condition.network_rules = world.network().rule_count();
  for (std::size_t i = 0; i < kFailpointCount; ++i) {
    condition.watchers[i] = world.failpoints().watchers(static_cast<Failpoint>(i));
  }
  condition.disturbances = world.disturbances().active();
  return condition;
}

std::vector<std::string> differences(const World& world, const WorldCondition& before) {
  const WorldCondition now = condition_of(world);
  std::vector<std::string> texts;
  if (now == before) return texts;
  for (std::size_t i = 0; i < now.hosts_on.size(); ++i) {
    if (now.hosts_on[i] == before.hosts_on[i]) continue;
    texts.push_back(fmt::format("host {} is {}", world.platform().hosts[i].name,
                                now.hosts_on[i] ? "on" : "off"));
  }
  for (std::size_t i = 0; i < now.processes.size(); ++i) {
    if (now.processes[i] == before.processes[i]) continue;
    const Process& process = world.process(ProcessId(static_cast<std::uint32_t>(i)));
    texts.push_back(fmt::format("process {} {}, its clock is off by {}",
                                world.events().names().text(process.name),
                                process.state == ProcessState::kDown ? "does not run"
                                : now.processes[i].paused            ? "stands still"
                                                                     : "runs",
                                to_text(process.clock_offset)));
  }
  if (now.network_rules != before.network_rules) {
    texts.push_back(fmt::format("{} network rules are in force, not {}", now.network_rules,
                                before.network_rules));
  }
  for (std::size_t i = 0; i < kFailpointCount; ++i) {
    if (now.watchers[i] == before.watchers[i]) continue;
    texts.push_back(fmt::format("{} is watched by {}, not {}", name_of(static_cast<Failpoint>(i)),
                                now.watchers[i], before.watchers[i]));
  }
  if (now.disturbances != before.disturbances) {
    texts.push_back(
        fmt::format("{} disturbances are noted, not {}", now.disturbances, before.disturbances));
  }
  return texts;
}

}  // namespace soundcheck
