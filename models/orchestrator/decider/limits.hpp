#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "models/orchestrator/decider/workflow.hpp"
#include "sim/core/time.hpp"

namespace soundcheck::conductor {

// The two limits that tasks of one name share across workflows: how many are in progress, and how
// many were handed out within a sliding window. One object per orchestrator; it is shown every row
// that is stored.
class Limits {
 public:
  void note(const TaskRow& row);
  // At or above concurrentExecLimit.
  bool too_many_in_progress(const TaskRow& row) const;
  // At the rate limit; if not, this hand-out is counted.
  bool too_fast(const TaskRow& row, Time now);

 private:
  std::map<std::string, std::set<std::string>> in_progress_;  // task ids by definition
  std::map<std::string, std::deque<Time>> handed_out_;
};

}  // namespace soundcheck::conductor
