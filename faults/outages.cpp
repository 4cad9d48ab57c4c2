#include "faults/outages.hpp"

#include "sim/core/assert.hpp"

namespace soundcheck {

Outages::Outages(World& world)
    : world_(world),
      host_holds_(world.platform().hosts.size()),
      process_holds_(world.process_count()),
      owed_start_(world.process_count()) {}

void Outages::power_off(HostId host) {
  if (host_holds_[host.index()]++ == 0) world_.set_host_down(host);
}

void Outages::power_on(HostId host) {
  SOUNDCHECK_ASSERT(host_holds_[host.index()] > 0, "host {} is not held down", host.index());
  if (--host_holds_[host.index()] > 0) return;
  world_.set_host_up(host);
  for (std::uint32_t i = 0; i < owed_start_.size(); ++i) {
    if (!owed_start_[i] || world_.process(ProcessId(i)).host != host) continue;
    owed_start_[i] = false;
    world_.start(ProcessId(i));
  }
}

void Outages::crash(ProcessId process) {
  ++process_holds_[process.index()];
  owed_start_[process.index()] = false;
  world_.crash(process);
}

void Outages::restart(ProcessId process) {
  const std::uint32_t index = process.index();
  SOUNDCHECK_ASSERT(process_holds_[index] > 0, "process {} is not held down", index);
  if (--process_holds_[index] > 0) return;
  if (world_.host_on(world_.process(process).host)) {
    world_.start(process);
  } else {
    owed_start_[index] = true;
  }
}

}  // namespace soundcheck
