#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/runtime/simulated_runtime.hpp"
#include "sim/env/service.hpp"

namespace soundcheck {

// Gives each process of a service what lives in its memory: a Service object per incarnation and
// its background loop, and lets Rpc find it. When the process dies the object goes, after its
// frames.
class ServiceHost final : public ProcessObserver {
 public:
  // Creation of the object for one incarnation; may be null for services that are only declared.
  using Create = std::function<std::unique_ptr<Service>(ProcessId)>;

  explicit ServiceHost(SimulatedRuntime& runtime);

  // `on_start`, if any, is called for each incarnation when its object exists: it may start more
  // loops in the scope.
  using OnStart = std::function<void(ProcessId, Service&)>;
  void serve(ServiceId service, Create create, OnStart on_start = {});
  Service* service(ProcessId process) const { return objects_[process.index()].get(); }

  void on_process_up(ProcessId process) override;
  void on_process_down(ProcessId process, DownCause cause) override;

 private:
  static void drop_dead(void* self, std::uint64_t);

  SimulatedRuntime& runtime_;
  std::vector<Create> create_;                     // by service
  std::vector<OnStart> on_start_;                  // by service
  std::vector<std::unique_ptr<Service>> objects_;  // by process
  std::vector<std::unique_ptr<Service>> dead_;     // until their frames are destroyed
};

}  // namespace soundcheck
