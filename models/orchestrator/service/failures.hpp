#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/env/transaction.hpp"

namespace soundcheck::orchestrator {

// A reason why executions of a workflow, or of one of its tasks, ended badly.
struct Failure {
  std::string workflow;
  std::string task;    // its reference; empty: the workflow itself
  std::string status;  // "TIMED_OUT"
  std::string reason;  // without the ids of single executions
  std::uint64_t count = 0;
};

// What the rows say at the end of a run, for reports: the most frequent, then by name. Attempts
// that were tried again count, too.
std::vector<Failure> failures_of(Transaction& transaction);

// "…" in place of what differs from execution to execution: ids, long numbers.
std::string without_ids(const std::string& reason);

}  // namespace soundcheck::orchestrator
