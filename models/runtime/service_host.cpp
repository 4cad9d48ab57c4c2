#include "models/runtime/service_host.hpp"

namespace soundcheck {

ServiceHost::ServiceHost(SimulatedRuntime& runtime)
    : runtime_(runtime),
      create_(runtime.world().service_count()),
      on_start_(runtime.world().service_count()),
      objects_(runtime.world().process_count()) {
  runtime.world().observe_processes(*this);
}

void ServiceHost::serve(ServiceId service, Create create, OnStart on_start) {
  create_[service.index()] = std::move(create);
  on_start_[service.index()] = std::move(on_start);
}

void ServiceHost::on_process_up(ProcessId id) {
  Process& process = runtime_.world().process(id);
  const Create& create = create_[process.service.index()];
  if (!create) return;
  objects_[id.index()] = create(id);
  Service* const service = objects_[id.index()].get();
  runtime_.rpc().set_service(id, service);
  if (service == nullptr) return;
  process.scope->start(service->background(Env(runtime_.new_context(id, 0))).release().promise());
  const OnStart& on_start = on_start_[process.service.index()];
  if (on_start) on_start(id, *service);
}

void ServiceHost::on_process_down(ProcessId id, DownCause) {
  if (!objects_[id.index()]) return;
  dead_.push_back(std::move(objects_[id.index()]));
  // World posted the burial of the frames before; this runs after it.
  runtime_.world().kernel().post({&ServiceHost::drop_dead, this, 0});
}

void ServiceHost::drop_dead(void* self, std::uint64_t) {
  static_cast<ServiceHost*>(self)->dead_.clear();
}

}  // namespace soundcheck
