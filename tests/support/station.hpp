#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/workload/workload.hpp"

namespace soundcheck::test {

// One queueing station behind the RPC layer: Poisson arrivals, `servers` FIFO cores. What queueing
// theory has formulas for.
struct StationSpec {
  double arrivals_per_second = 8;
  Distribution service;
  int servers = 1;
  std::uint64_t requests = 100'000;
  Duration distance;         // one way
  bool takes_in_all = true;  // else what finds every server busy is refused
};

// Response time of each request, in the order of their ends, in nanoseconds.
std::vector<std::int64_t> responses_of(const StationSpec& spec, Fidelity fidelity,
                                       std::uint64_t seed);
// Of all requests.
double refused_share_of(const StationSpec& spec, Fidelity fidelity, std::uint64_t seed);

}  // namespace soundcheck::test
