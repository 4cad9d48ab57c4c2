#include "sim/world/world.hpp"

#include "sim/core/assert.hpp"
#include "sim/kernel/direct/direct_kernel.hpp"
#include "sim/kernel/flow/flow_kernel.hpp"

namespace soundcheck {

std::unique_ptr<Kernel> make_kernel(Fidelity fidelity, const Platform& platform) {
  return fidelity == Fidelity::kFlow ? make_flow_kernel(platform) : make_direct_kernel(platform);
}

World::World(Fidelity fidelity, Platform platform, std::uint64_t seed)
    : seed_(seed),
      platform_(std::move(platform)),
      kernel_(make_kernel(fidelity, platform_)),
      completions_(kernel_->ready()),
      failpoints_(*kernel_, disturbances_),
      network_(*this),
      host_on_(platform_.hosts.size(), true),
      lost_with_host_(platform_.hosts.size()) {}

World::~World() {
  shut_down();
}

// All scopes are doomed before the first frame goes: the destructors of one may not wake another.
void World::shut_down() {
  for (Process& process : processes_) {
    if (process.scope) process.scope->doom();
  }
  for (auto& scope : doomed_scopes_) scope->destroy_frames();
  for (Process& process : processes_) {
    if (process.scope) process.scope->destroy_frames();
  }
}

ServiceId World::add_service(std::string_view name) {
  services_.push_back({names().intern(name), {}});
  return ServiceId(static_cast<std::uint32_t>(services_.size() - 1));
}

ServiceId World::service_named(std::string_view name) const {
  for (std::size_t i = 0; i < services_.size(); ++i) {
    if (events_.names().text(services_[i].name) == name)
      return ServiceId(static_cast<std::uint32_t>(i));
  }
  return {};
}

ProcessId World::add_process(ServiceId service, std::string_view name, HostId host) {
  const ProcessId id(static_cast<std::uint32_t>(processes_.size()));
  auto& replicas = services_[service.index()].replicas;
  Process process;
  process.id = id;
  process.name = names().intern(name);
  process.service = service;
  process.replica = static_cast<std::uint32_t>(replicas.size());
  process.host = host;
  processes_.push_back(std::move(process));
  replicas.push_back(id);
  return id;
}

void World::start(ProcessId id) {
  Process& process = processes_[id.index()];
  if (process.state == ProcessState::kRunning || !host_on_[process.host.index()]) return;
  process.state = ProcessState::kRunning;
  if (process.incarnation > 0) disturbances_.end(kernel_->now());
  ++process.incarnation;
  process.scope = std::make_unique<Scope>(kernel_->ready());
  emit(ProcessStarted{.process = id, .incarnation = process.incarnation});
  for (ProcessObserver* const observer : observers_) observer->on_process_up(id);
}

void World::take_down(ProcessId id, DownCause cause) {
  Process& process = processes_[id.index()];
  if (process.state == ProcessState::kDown) return;
  disturbances_.begin();
  process.state = ProcessState::kDown;
  process.scope->doom();
  doomed_scopes_.push_back(std::move(process.scope));
  kernel_->post({&World::bury, this, 0});
  emit(ProcessStopped{.process = id, .cause = cause});
  for (ProcessObserver* const observer : observers_) observer->on_process_down(id, cause);
}

ProcessPause World::pause(ProcessId id) {
  Process& process = processes_[id.index()];
  SOUNDCHECK_ASSERT(process.state == ProcessState::kRunning, "process {} is paused, but is down",
                    id.index());
  disturbances_.begin();
  ever_paused_ = true;
  process.scope->gate().pause();
  emit(ProcessPaused{.process = id});
  return {id, process.incarnation};
}

void World::resume(ProcessPause pause) {
  Process& process = processes_[pause.process.index()];
  disturbances_.end(kernel_->now());
  if (process.scope == nullptr || process.incarnation != pause.incarnation) return;
  process.scope->gate().resume();
  emit(ProcessResumed{.process = pause.process});
}

void World::bury(void* self, std::uint64_t) {
  auto& world = *static_cast<World*>(self);
  const auto scopes = std::exchange(world.doomed_scopes_, {});
  for (const auto& scope : scopes) scope->destroy_frames();
}

void World::set_host_down(HostId host) {
  if (!host_on_[host.index()]) return;
  host_on_[host.index()] = false;
  for (const Process& process : processes_) {
    if (process.host == host && process.state == ProcessState::kRunning) {
      lost_with_host_[host.index()].push_back(process.id);
    }
  }
  for (const ProcessId id : lost_with_host_[host.index()]) take_down(id, DownCause::kHostDown);
  kernel_->set_host_on(host, false);
}

void World::set_host_up(HostId host) {
  if (host_on_[host.index()]) return;
  host_on_[host.index()] = true;
  kernel_->set_host_on(host, true);
  for (const ProcessId id : std::exchange(lost_with_host_[host.index()], {})) start(id);
}

}  // namespace soundcheck
