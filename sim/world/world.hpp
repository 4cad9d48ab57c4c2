#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/env/completion.hpp"
#include "sim/env/scope.hpp"
#include "sim/events/event_stream.hpp"
#include "sim/kernel/kernel.hpp"
#include "sim/world/disturbances.hpp"
#include "sim/world/failpoints.hpp"
#include "sim/world/network.hpp"

namespace soundcheck {

enum class ProcessState : std::uint8_t { kRunning, kDown };

// One operating system process: a replica of a service, a database server, a pool of clients.
struct Process {
  ProcessId id;
  NameId name;  // "payments-2"
  ServiceId service;
  std::uint32_t replica = 0;
  HostId host;
  ProcessState state = ProcessState::kDown;
  std::uint32_t incarnation = 0;  // starts so far
  std::unique_ptr<Scope> scope;   // of the running incarnation; null when down
  Duration clock_offset;          // what clock faults did to its clock
};

// A pause in force: of this incarnation of a process, and of no later one.
struct ProcessPause {
  ProcessId process;
  std::uint32_t incarnation = 0;
};

// Told of every process that goes or comes, in the order of registration, at the instant itself.
// May update its own tables, post and schedule; must not run service code inline.
class ProcessObserver {
 public:
  virtual ~ProcessObserver() = default;
  virtual void on_process_up(ProcessId) {}
  virtual void on_process_down(ProcessId, DownCause) {}
};

// One run's machine room: a kernel, the processes on its hosts, the network between them, and what
// happens to them.
class World {
 public:
  World(Fidelity fidelity, Platform platform, std::uint64_t seed);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  // The end of a run: no frame of any process is left afterwards. To be called while everything
  // that frames may refer to still stands (runtimes, databases); nothing may run in this world any
  // more.
  void shut_down();

  Kernel& kernel() { return *kernel_; }
  Time now() const { return kernel_->now(); }
  const Platform& platform() const { return platform_; }
  EventStream& events() { return events_; }
  const EventStream& events() const { return events_; }
  Names& names() { return events_.names(); }
  Completions& completions() { return completions_; }
  Failpoints& failpoints() { return failpoints_; }
  const Failpoints& failpoints() const { return failpoints_; }
  Network& network() { return network_; }
  const Network& network() const { return network_; }
  Disturbances& disturbances() { return disturbances_; }
  const Disturbances& disturbances() const { return disturbances_; }
  // A stream of its own for every name, whatever other streams exist.
  RandomStream random(std::string_view stream_name) const {
    return RandomStream(seed_, stream_name);
  }
  std::uint64_t seed() const { return seed_; }

  ServiceId add_service(std::string_view name);
  // Down until start(). `name` is unique.
  ProcessId add_process(ServiceId service, std::string_view name, HostId host);
  std::size_t process_count() const { return processes_.size(); }
  Process& process(ProcessId id) { return processes_[id.index()]; }
  const Process& process(ProcessId id) const { return processes_[id.index()]; }
  const std::vector<ProcessId>& replicas(ServiceId service) const {
    return services_[service.index()].replicas;
  }
  NameId service_name(ServiceId service) const { return services_[service.index()].name; }
  ServiceId service_named(std::string_view name) const;  // invalid if there is none
  std::size_t service_count() const { return services_.size(); }
  // It has been started and not been killed; it may be paused.
  bool running(ProcessId id) const {
    return processes_[id.index()].state == ProcessState::kRunning;
  }
  bool paused(ProcessId id) const {
    const Process& process = processes_[id.index()];
    return process.scope != nullptr && process.scope->gate().paused();
  }
  // For every callback into a process: whether the process is paused. If so, `callback` comes again
  // when it goes on, or when it has been killed.
  bool holds(ProcessId id, Callback callback) {
    if (!ever_paused_) [[likely]]
      return false;
    Process& process = processes_[id.index()];
    return process.scope != nullptr && process.scope->gate().holds(callback);
  }
  bool host_on(HostId host) const { return host_on_[host.index()]; }

  void observe_processes(ProcessObserver& observer) { observers_.push_back(&observer); }

  // Nothing happens to a process that is running already, or whose host is off.
  void start(ProcessId id);
  // Kills the process: its scope is doomed at once, its frames are destroyed from the ready queue.
  // Safe from anywhere, also from inside its own coroutines. Nothing happens to a process that is
  // down.
  void crash(ProcessId id) { take_down(id, DownCause::kCrash); }
  // Stops a running process where it is, as SIGSTOP does: its kernel goes on accepting connections
  // and acknowledging bytes, nothing is worked on, timers that come due wait. Computations that
  // have begun go on to their end, of which the process learns when it is resumed. Pauses of the
  // same process overlap. The process is running.
  ProcessPause pause(ProcessId id);
  // Ends one pause. The process goes on, with all that was kept in the order of arrival, when none
  // is left. Nothing happens when it has died since.
  void resume(ProcessPause pause);
  // Power cut: all its processes die without a word, messages to it vanish.
  void set_host_down(HostId host);
  // Power back: the processes that were running when it went start again.
  void set_host_up(HostId host);

  template <TypedEvent T>
  void emit(const T& fields) {
    events_.emit(kernel_->now(), fields);
  }

 private:
  struct ServiceEntry {
    NameId name;
    std::vector<ProcessId> replicas;
  };

  void take_down(ProcessId id, DownCause cause);
  static void bury(void* self, std::uint64_t);

  std::uint64_t seed_;
  Platform platform_;
  std::unique_ptr<Kernel> kernel_;
  EventStream events_;
  Completions completions_;
  Disturbances disturbances_;
  Failpoints failpoints_;
  Network network_;
  std::vector<ServiceEntry> services_;
  std::vector<Process> processes_;
  std::vector<bool> host_on_;
  std::vector<std::vector<ProcessId>> lost_with_host_;
  std::vector<ProcessObserver*> observers_;
  std::vector<std::unique_ptr<Scope>> doomed_scopes_;
  bool ever_paused_ = false;  // no gate holds anything before the first pause
};

std::unique_ptr<Kernel> make_kernel(Fidelity fidelity, const Platform& platform);

}  // namespace soundcheck
