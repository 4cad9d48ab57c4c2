#include "models/orchestrator/service/message_board.hpp"

namespace soundcheck::orchestrator {

void MessageBoard::put(const std::string& queue, const std::string& message, Time visible) {
  withdraw(queue, message);
  Queue& on = queues_[queue];
  const std::uint64_t sequence = next_sequence_++;
  on.messages[message] = {visible, sequence};
  on.by_time.insert({visible, sequence, message});
}

void MessageBoard::withdraw(const std::string& queue, const std::string& message) {
  Queue& on = queues_[queue];
  const auto found = on.messages.find(message);
  if (found == on.messages.end()) return;
  on.by_time.erase({found->second.first, found->second.second, message});
  on.messages.erase(found);
}

void MessageBoard::apply(const std::vector<QueueWrite>& writes) {
  for (const QueueWrite& write : writes) {
    const auto& known = queues_[write.queue].messages;
    auto& popped = queues_[write.queue].popped;
    const auto found = known.find(write.message);
    switch (write.kind) {
      case QueueWrite::Kind::kPush:
        put(write.queue, write.message, write.visible);
        popped.erase(write.message);
        break;
      case QueueWrite::Kind::kRemove:
        withdraw(write.queue, write.message);
        popped.erase(write.message);
        break;
      case QueueWrite::Kind::kReschedule:
        // A popped message is not on the board, but it is in the database: it comes back.
        put(write.queue, write.message, write.visible);
        popped.erase(write.message);
        break;
      case QueueWrite::Kind::kRescheduleIfEarlier:
        if (found != known.end() && write.visible < found->second.first) {
          put(write.queue, write.message, write.visible);
        }
        break;
    }
  }
}

void MessageBoard::learn(const std::vector<QueuedMessage>& messages) {
  for (const QueuedMessage& message : messages) {
    if (!message.redelivered && has(message.queue, message.message)) continue;
    if (message.popped)
      ++queues_[message.queue].popped[message.message];
    else
      put(message.queue, message.message, message.visible);
  }
}

std::optional<MessageBoard::Found> MessageBoard::take(const std::vector<std::string>& queues,
                                                      Time now) {
  const std::string* best_queue = nullptr;
  std::pair<Time, std::uint64_t> best{Time::never(), 0};
  for (const std::string& name : queues) {
    const auto found = queues_.find(name);
    if (found == queues_.end() || found->second.by_time.empty()) continue;
    const auto& first = *found->second.by_time.begin();
    const std::pair key{std::get<0>(first), std::get<1>(first)};
    if (key.first <= now && (best_queue == nullptr || key < best)) {
      best_queue = &name;
      best = key;
    }
  }
  if (best_queue == nullptr) return std::nullopt;
  Found found{*best_queue, std::get<2>(*queues_[*best_queue].by_time.begin())};
  Queue& queue = queues_[found.queue];
  queue.messages.erase(found.message);
  queue.by_time.erase(queue.by_time.begin());
  ++queue.popped[found.message];
  return found;
}

void MessageBoard::taken_in_vain(const std::string& queue, const std::string& message) {
  auto& popped = queues_[queue].popped;
  const auto found = popped.find(message);
  if (found != popped.end() && --found->second == 0) popped.erase(found);
}

bool MessageBoard::has(const std::string& queue, const std::string& message) const {
  const auto found = queues_.find(queue);
  return found != queues_.end() &&
         (found->second.messages.contains(message) || found->second.popped.contains(message));
}

Time MessageBoard::next(const std::vector<std::string>& queues) const {
  Time next = Time::never();
  for (const std::string& name : queues) {
    const auto found = queues_.find(name);
    if (found == queues_.end() || found->second.by_time.empty()) continue;
    next = std::min(next, std::get<0>(*found->second.by_time.begin()));
  }
  return next;
}

void MessageBoard::park(const std::vector<std::string>& queues, SlotRef slot,
                        Completions& completions) {
  for (const std::string& name : queues) {
    Queue& queue = queues_[name];
    if (queue.waiters.size() >= queue.clean_at) {
      std::erase_if(queue.waiters, [&](SlotRef waiter) { return !completions.waiting(waiter); });
      queue.clean_at = 64 + 2 * queue.waiters.size();
    }
    queue.waiters.push_back(slot);
  }
}

void MessageBoard::nudge(const std::string& name, Completions& completions) {
  auto& waiters = queues_[name].waiters;
  while (!waiters.empty()) {
    const SlotRef waiter = waiters.front();
    waiters.pop_front();
    if (completions.complete(waiter, Nothing{})) return;
  }
}

void MessageBoard::wake(const std::string& name, Completions& completions, Time now) {
  Queue& queue = queues_[name];
  auto due = queue.by_time.begin();
  while (due != queue.by_time.end() && std::get<0>(*due) <= now && !queue.waiters.empty()) {
    const SlotRef waiter = queue.waiters.front();
    queue.waiters.pop_front();
    if (completions.complete(waiter, Nothing{}))
      ++due;  // else it has gone, or was woken by another queue
  }
}

bool MessageBoard::lock(const std::string& workflow_id, std::uint64_t owner, Time now,
                        Duration lease) {
  Lease& held = leases_[workflow_id];
  if (held.owner != 0 && held.owner != owner && now < held.until) return false;
  held = {owner, now + lease};
  return true;
}

void MessageBoard::unlock(const std::string& workflow_id, std::uint64_t owner) {
  const auto found = leases_.find(workflow_id);
  if (found != leases_.end() && found->second.owner == owner) leases_.erase(found);
}

}  // namespace soundcheck::orchestrator
