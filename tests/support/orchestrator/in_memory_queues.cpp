#include "tests/support/orchestrator/in_memory_queues.hpp"

#include <algorithm>

namespace soundcheck::conductor {

void InMemoryQueues::push(const std::string& queue, const std::string& message, Time due) {
  queues_[queue].insert_or_assign(message, Message{due, next_order_++});
}

void InMemoryQueues::remove(const std::string& queue, const std::string& message) {
  const auto it = queues_.find(queue);
  if (it != queues_.end()) it->second.erase(message);
}

void InMemoryQueues::reschedule(const std::string& queue, const std::string& message, Time due,
                                bool only_if_earlier) {
  const auto it = queues_.find(queue);
  if (it == queues_.end()) return;
  const auto found = it->second.find(message);
  if (found == it->second.end() || (only_if_earlier && found->second.due <= due)) return;
  found->second.due = due;
}

std::optional<Time> InMemoryQueues::due(const std::string& queue,
                                        const std::string& message) const {
  const auto it = queues_.find(queue);
  if (it == queues_.end()) return std::nullopt;
  const auto found = it->second.find(message);
  return found == it->second.end() ? std::nullopt : std::optional(found->second.due);
}

std::vector<std::string> InMemoryQueues::visible(const std::string& queue, Time now) const {
  const auto it = queues_.find(queue);
  if (it == queues_.end()) return {};
  std::vector<std::pair<std::pair<Time, std::uint64_t>, std::string>> due;
  for (const auto& [id, message] : it->second) {
    if (message.due <= now) due.push_back({{message.due, message.order}, id});
  }
  std::sort(due.begin(), due.end());
  std::vector<std::string> ids;
  for (auto& [key, id] : due) ids.push_back(std::move(id));
  return ids;
}

std::optional<std::string> InMemoryQueues::oldest_visible(const std::string& queue,
                                                          Time now) const {
  const auto it = queues_.find(queue);
  if (it == queues_.end()) return std::nullopt;
  const std::pair<const std::string, Message>* oldest = nullptr;
  for (const auto& entry : it->second) {
    const Message& message = entry.second;
    if (message.due > now) continue;
    if (!oldest || std::pair(message.due, message.order) <
                       std::pair(oldest->second.due, oldest->second.order)) {
      oldest = &entry;
    }
  }
  return oldest ? std::optional(oldest->first) : std::nullopt;
}

std::optional<Time> InMemoryQueues::next_due(Time now) const {
  std::optional<Time> next;
  for (const auto& [name, messages] : queues_) {
    for (const auto& [id, message] : messages) {
      if (message.due > now && (!next || message.due < *next)) next = message.due;
    }
  }
  return next;
}

}  // namespace soundcheck::conductor
