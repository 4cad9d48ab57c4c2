#include "models/orchestrator/service/queue_view.hpp"

namespace soundcheck::orchestrator {

void QueueView::put(Queue& queue, const std::string& message, Time visible, bool popped, Time now) {
  erase(queue, message);
  const std::uint64_t sequence = next_sequence_++;
  queue.messages[message] = {visible, visible, sequence, popped, now};
  if (popped) {
    queue.popped.insert(message);
  } else {
    queue.by_time.insert({visible, sequence, message});
  }
}

void QueueView::erase(Queue& queue, const std::string& message) {
  const auto found = queue.messages.find(message);
  if (found == queue.messages.end()) return;
  if (found->second.popped) {
    queue.popped.erase(message);
  } else {
    queue.by_time.erase({found->second.shown, found->second.sequence, message});
  }
  queue.messages.erase(found);
}

void QueueView::apply(const std::vector<QueueWrite>& writes, Time now) {
  for (const QueueWrite& write : writes) {
    Queue& queue = queues_[write.queue];
    const auto known = queue.messages.find(write.message);
    switch (write.kind) {
      case QueueWrite::Kind::kPush:
      case QueueWrite::Kind::kReschedule:
        // One that the view does not know may be in the database all the same.
        put(queue, write.message, write.visible, false, now);
        break;
      case QueueWrite::Kind::kRemove:
        erase(queue, write.message);
        break;
      case QueueWrite::Kind::kRescheduleIfEarlier:
        if (known != queue.messages.end() && write.visible < known->second.visible)
          put(queue, write.message, write.visible, false, now);
        break;
    }
  }
}

void QueueView::learn(const std::vector<QueuedMessage>& messages, Time horizon, Time began,
                      Time now) {
  std::set<std::pair<std::string_view, std::string_view>> found;
  for (const QueuedMessage& message : messages) {
    found.emplace(message.queue, message.message);
    Queue& queue = queues_[message.queue];
    const auto known = queue.messages.find(message.message);
    if (known != queue.messages.end() &&
        (known->second.changed >= began ||
         (known->second.visible == message.visible && known->second.popped == message.popped)))
      continue;
    put(queue, message.message, message.visible, message.popped, now);
  }
  for (auto& [name, queue] : queues_) {
    std::vector<std::string> gone;
    const auto look_for = [&](const std::string& id) {
      if (queue.messages[id].changed < began && !found.contains({name, id})) gone.push_back(id);
    };
    for (const auto& [visible, sequence, id] : queue.by_time) {
      if (visible > horizon) break;
      look_for(id);
    }
    for (const std::string& id : queue.popped) look_for(id);
    for (const std::string& id : gone) erase(queue, id);
  }
}

std::optional<QueueView::Found> QueueView::take(const std::vector<std::string>& queues, Time now) {
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
  Queue& queue = queues_[*best_queue];
  const std::string message = std::get<2>(*queue.by_time.begin());
  put(queue, message, now, true, now);
  return Found{*best_queue, message, queue.messages[message].sequence};
}

void QueueView::taken_in_vain(const Found& found) {
  Queue& queue = queues_[found.queue];
  const auto known = queue.messages.find(found.message);
  if (known != queue.messages.end() && known->second.sequence == found.take)
    erase(queue, found.message);
}

bool QueueView::has(const std::string& queue, const std::string& message) const {
  const auto found = queues_.find(queue);
  return found != queues_.end() && found->second.messages.contains(message);
}

std::optional<Time> QueueView::visible(const std::string& queue, const std::string& message) const {
  const auto found = queues_.find(queue);
  if (found == queues_.end()) return std::nullopt;
  const auto known = found->second.messages.find(message);
  if (known == found->second.messages.end()) return std::nullopt;
  return known->second.shown;
}

bool QueueView::hide(const std::string& queue_name, const std::string& message, Time until) {
  Queue& queue = queues_[queue_name];
  const auto known = queue.messages.find(message);
  if (known == queue.messages.end() || known->second.popped) return false;
  Message& hidden = known->second;
  queue.by_time.erase({hidden.shown, hidden.sequence, message});
  hidden.shown = until;
  if (until != Time::never()) queue.by_time.insert({until, hidden.sequence, message});
  return true;
}

void QueueView::show(const std::string& queue, const std::string& message, Time at) {
  const auto known = queues_[queue].messages.find(message);
  if (known == queues_[queue].messages.end() || known->second.shown == known->second.visible)
    return;
  hide(queue, message, at);
}

Time QueueView::next(Time now) const {
  Time next = Time::never();
  for (const auto& [name, queue] : queues_) {
    const auto later = queue.by_time.lower_bound({now + Duration::nanoseconds(1), 0, {}});
    if (later != queue.by_time.end()) next = std::min(next, std::get<0>(*later));
  }
  return next;
}

void QueueView::wait(const std::vector<std::string>& queues, SlotRef slot,
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

void QueueView::wake(const std::string& name, Completions& completions, Time now) {
  wake(queues_[name], completions, now);
}

void QueueView::wake_all(Completions& completions, Time now) {
  for (auto& [name, queue] : queues_) wake(queue, completions, now);
}

void QueueView::wake(Queue& queue, Completions& completions, Time now) {
  auto due = queue.by_time.begin();
  while (due != queue.by_time.end() && std::get<0>(*due) <= now && !queue.waiters.empty()) {
    const SlotRef waiter = queue.waiters.front();
    queue.waiters.pop_front();
    if (completions.complete(waiter, Nothing{}))
      ++due;  // else it has gone, or was woken by another queue
  }
}

void QueueView::set_alarm(SlotRef slot, Time at, Completions& completions) {
  std::erase_if(alarms_, [&](const Alarm& alarm) { return !completions.waiting(alarm.slot); });
  alarms_.push_back({slot, at});
}

void QueueView::advance_alarms(Time next, Completions& completions) {
  std::erase_if(alarms_, [&](const Alarm& alarm) {
    if (alarm.at <= next) return false;
    completions.complete(alarm.slot, Nothing{});
    return true;
  });
}

void QueueView::note_write(Completions& completions, Time now) {
  last_write_ = now;
  for (const SlotRef slot : std::exchange(resting_, {})) completions.complete(slot, Nothing{});
}

void QueueView::await_write(SlotRef slot, Completions& completions) {
  std::erase_if(resting_, [&](SlotRef other) { return !completions.waiting(other); });
  resting_.push_back(slot);
}

bool QueueView::lock(const std::string& workflow_id, std::uint64_t owner, Time now,
                     Duration lease) {
  Lease& held = leases_[workflow_id];
  if (held.owner != 0 && held.owner != owner && now < held.until) return false;
  held = {owner, now + lease};
  return true;
}

void QueueView::unlock(const std::string& workflow_id, std::uint64_t owner) {
  const auto found = leases_.find(workflow_id);
  if (found != leases_.end() && found->second.owner == owner) leases_.erase(found);
}

}  // namespace soundcheck::orchestrator
