#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "sim/core/ids.hpp"
#include "sim/core/prefetch.hpp"
#include "sim/core/ready_queue.hpp"
#include "sim/core/slab.hpp"
#include "sim/core/task.hpp"

namespace soundcheck {

class Scope;
using SlotRef = Handle<struct SlotTag>;

// The part of an awaiter that a completion can find: lives in the frame of the coroutine that
// waits.
struct WaiterBase {
  CoroutineBase* coroutine = nullptr;
  SlotRef slot;
};

template <class T>
struct Waiter : WaiterBase {
  std::optional<T> value;
};

// Where scopes meet. A coroutine that waits opens a slot; whoever answers knows only the slot's
// name (index and generation). Either side may vanish: when the waiter's frame is destroyed its
// slot is closed, and a completion without a waiter is dropped and counted.
class Completions {
 public:
  explicit Completions(ReadyQueue& ready) : ready_(ready) {}
  Completions(const Completions&) = delete;
  Completions& operator=(const Completions&) = delete;

  SlotRef open(WaiterBase& waiter, Scope& scope);
  void close(SlotRef slot);

  // Hands the value over and has the waiter resumed from the ready queue, or when its process goes
  // on. T must be the type that the waiter of this slot waits for. False when nobody waits any
  // more.
  template <class T>
  bool complete(SlotRef slot, T&& value) {
    Entry* const entry = take_waiter(slot);
    if (entry == nullptr) return false;
    static_cast<Waiter<std::decay_t<T>>*>(entry->waiter)->value.emplace(std::forward<T>(value));
    ready_.post({&Completions::wake, this, slot.packed()});
    return true;
  }

  // This slot is about to be completed: what that touches is asked for ahead.
  void expect(SlotRef slot) {
    const Entry* const entry = entries_.find(slot);
    if (entry == nullptr) return;
    prefetch(*entry->waiter, sizeof(WaiterBase) + 64);  // and the value
    prefetch(*entry->coroutine);
  }

  // Who waits at the slot; null when nobody does any more.
  WaiterBase* waiter(SlotRef slot) {
    const Entry* const entry = entries_.find(slot);
    return entry == nullptr ? nullptr : entry->waiter;
  }
  bool waiting(SlotRef slot) { return entries_.find(slot) != nullptr; }
  std::uint64_t dropped() const { return dropped_; }
  std::size_t open_slots() const { return entries_.in_use(); }

 private:
  struct Entry {
    WaiterBase* waiter = nullptr;
    CoroutineBase* coroutine = nullptr;
    Scope* scope = nullptr;
    bool completed = false;
  };

  Entry* take_waiter(SlotRef slot);
  static void wake(void* self, std::uint64_t packed_slot);

  ReadyQueue& ready_;
  Slab<Entry, struct SlotTag> entries_;
  std::uint64_t dropped_ = 0;
};

}  // namespace soundcheck
