#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "faults/fault_definition.hpp"
#include "sim/core/random.hpp"

namespace soundcheck {

// What random faults may name: what is there in a scenario.
struct FaultSpace {
  struct Service {
    std::string name;
    std::uint32_t replicas = 1;
  };
  Duration length;  // of the load
  std::vector<Service> services;
  std::vector<std::string> databases;  // names of services that have one
  std::vector<std::string> hosts;
  std::vector<std::string> zones;
  std::vector<std::string> regions;
  std::vector<std::pair<std::string, std::string>> steps;  // saga and step
};

// A fault of that kind at a time, repeated or aimed, free of problems (problems_of). The space has
// something that the kind takes as a target.
FaultSpec sample_fault(const FaultDefinition& kind, const FaultSpace& space, RandomStream& random);

// Between the two, each order of magnitude as likely. shortest > 0.
Duration sample_duration(RandomStream& random, Duration shortest, Duration longest);

}  // namespace soundcheck
