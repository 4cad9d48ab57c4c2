#pragma once

#include <vector>

#include "sim/core/ids.hpp"

namespace soundcheck {

// What one strike hits, after names and roles have been resolved and replicas drawn. Which of the
// lists are filled depends on what the kind of fault reaches (Reach in fault_kind.hpp).
struct Victims {
  std::vector<ProcessId> processes;  // kProcesses: those that run
  std::vector<HostId> hosts;         // kHosts
  std::vector<ProcessId> from;       // kRoutes: senders; kCalls: callers
  std::vector<ProcessId> to;         // kRoutes: receivers; kCalls: callees
  NameId method;                     // kCalls: only this one; invalid: all
  bool operator==(const Victims&) const = default;
};

}  // namespace soundcheck
