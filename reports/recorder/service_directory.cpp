#include "reports/recorder/service_directory.hpp"

#include <utility>

#include "sim/world/world.hpp"

namespace soundcheck {

std::uint32_t ServiceDirectory::add_service(std::string name) {
  services.push_back(std::move(name));
  replicas.push_back(0);
  return static_cast<std::uint32_t>(services.size() - 1);
}

void ServiceDirectory::add_process(std::uint32_t service) {
  of_process.push_back(service);
  ++replicas[service];
}

ServiceDirectory ServiceDirectory::of(World& world) {
  ServiceDirectory directory;
  for (std::uint32_t i = 0; i < world.service_count(); ++i)
    directory.add_service(std::string(world.names().text(world.service_name(ServiceId(i)))));
  for (std::uint32_t i = 0; i < world.process_count(); ++i)
    directory.add_process(world.process(ProcessId(i)).service.index());
  return directory;
}

}  // namespace soundcheck
