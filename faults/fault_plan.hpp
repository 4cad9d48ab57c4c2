#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "faults/victims.hpp"
#include "sim/core/time.hpp"
#include "sim/world/failpoints.hpp"

namespace soundcheck {

// One strike of a fault, as a plain value: which occurrence of what it waits for, what was decided
// there, and who was hit.
struct Strike {
  std::uint32_t fault = 0;  // number in the scenario
  Time at;
  std::optional<Failpoint> failpoint;  // of an aimed fault
  std::uint64_t occurrence = 0;  // from 1: the n-th time that an aimed fault's point was reached,
                                 // or the n-th start that was due
  Verdict verdict;               // on the message or operation at the failpoint
  Victims victims;

  friend bool operator==(const Strike& a, const Strike& b) {
    return a.fault == b.fault && a.at == b.at && a.failpoint == b.failpoint &&
           a.occurrence == b.occurrence && a.verdict.action == b.verdict.action &&
           a.verdict.delay == b.verdict.delay && a.verdict.code == b.verdict.code &&
           a.verdict.http_status == b.verdict.http_status && a.victims == b.victims;
  }
};

// All strikes of a run, in their order. The same scenario, seed and plan give the same run; a plan
// with some of its strikes left out is a plan too, which is how a failing one is shrunk.
using FaultPlan = std::vector<Strike>;

}  // namespace soundcheck
