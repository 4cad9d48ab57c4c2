#include "faults/outages.hpp"

#include "sim/core/assert.hpp"

namespace soundcheck {

Outages::Outages(World& world)
    : world_(world),
      hosts_(world.platform().hosts.size()),
      processes_(world.process_count()),
      left_paused_(world.process_count(), Time::never()),
      owed_start_(world.process_count()) {}

void Outages::power_off(HostId host) {
  if (hosts_[host.index()].faults++ == 0) world_.set_host_down(host);
}

void Outages::power_on(HostId host) {
  Holds& holds = hosts_[host.index()];
  SOUNDCHECK_ASSERT(holds.faults > 0, "host {} is not held down", host.index());
  if (--holds.faults > 0) {
    holds.left_down = world_.now();
    return;
  }
  world_.set_host_up(host);
  for (std::uint32_t i = 0; i < owed_start_.size(); ++i) {
    if (!owed_start_[i] || world_.process(ProcessId(i)).host != host) continue;
    owed_start_[i] = false;
    world_.start(ProcessId(i));
  }
}

void Outages::crash(ProcessId process) {
  ++processes_[process.index()].faults;
  owed_start_[process.index()] = false;
  world_.crash(process);
}

void Outages::restart(ProcessId process) {
  const std::uint32_t index = process.index();
  Holds& holds = processes_[index];
  SOUNDCHECK_ASSERT(holds.faults > 0, "process {} is not held down", index);
  if (--holds.faults > 0) {
    holds.left_down = world_.now();
    return;
  }
  if (world_.host_on(world_.process(process).host)) {
    world_.start(process);
  } else {
    owed_start_[index] = true;
  }
}

void Outages::resume(ProcessPause pause) {
  world_.resume(pause);
  if (world_.paused(pause.process)) left_paused_[pause.process.index()] = world_.now();
}

}  // namespace soundcheck
