#include "models/orchestrator/decider/limits.hpp"

namespace soundcheck::conductor {

void Limits::note(const TaskRow& row) {
  if (!row.node || row.node->definition.concurrent_exec_limit.value_or(0) <= 0) return;
  auto& ids = in_progress_[row.definition_name];
  if (row.status == TaskStatus::kInProgress) {
    ids.insert(row.id);
  } else {
    ids.erase(row.id);
  }
}

bool Limits::too_many_in_progress(const TaskRow& row) const {
  if (!row.node) return false;
  const std::int32_t limit = row.node->definition.concurrent_exec_limit.value_or(0);
  if (limit <= 0) return false;
  const auto it = in_progress_.find(row.definition_name);
  return it != in_progress_.end() && it->second.size() >= static_cast<std::size_t>(limit);
}

bool Limits::too_fast(const TaskRow& row, Time now) {
  if (!row.node) return false;
  const TaskDefinition& definition = row.node->definition;
  if (definition.rate_limit_per_frequency <= 0 || definition.rate_limit_frequency_in_seconds <= 0)
    return false;
  std::deque<Time>& times = handed_out_[row.definition_name];
  const Time oldest = now - Duration::seconds(definition.rate_limit_frequency_in_seconds);
  while (!times.empty() && times.front() <= oldest) times.pop_front();
  if (times.size() >= static_cast<std::size_t>(definition.rate_limit_per_frequency)) return true;
  times.push_back(now);
  return false;
}

}  // namespace soundcheck::conductor
