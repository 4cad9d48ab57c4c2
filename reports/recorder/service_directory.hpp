#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/core/ids.hpp"

namespace soundcheck {

class World;

// Which process belongs to which service, so that events of processes can be told by service. Take
// it when all processes have been added.
struct ServiceDirectory {
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  std::vector<std::string> services;      // by number of the service
  std::vector<std::uint32_t> of_process;  // by number of the process
  std::vector<std::uint32_t> replicas;    // how many processes a service has

  static ServiceDirectory of(World& world);

  std::uint32_t add_service(std::string name);
  void add_process(std::uint32_t service);
  std::uint32_t service_of(ProcessId process) const {
    return process.index() < of_process.size() ? of_process[process.index()] : kNone;
  }
};

}  // namespace soundcheck
