#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/core/ids.hpp"
#include "sim/core/ready_queue.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

using TimerId = Handle<struct TimerTag>;

// Pending timers in two 4-ary heaps, ordered by time and then by insertion. Nothing is allocated
// per timer once the vectors have grown. Timeouts, which are nearly always cancelled, have a heap
// of their own, so that those that are waiting to be forgotten do not make the others slower.
// Cancelling is O(1): the entry is dropped when it surfaces, or by a sweep once most of its heap is
// cancelled.
class TimerQueue {
 public:
  TimerId schedule(Time at, Callback callback) { return schedule(at, callback, reserve()); }
  // A place in the order of insertion, taken now for a timer that is set later.
  std::uint64_t reserve() { return next_sequence_++; }
  TimerId schedule(Time at, Callback callback, std::uint64_t sequence) {
    return insert(timers_, at, callback, sequence);
  }
  // The same for a timer that will most likely be cancelled.
  TimerId schedule_timeout(Time at, Callback callback) {
    return insert(timeouts_, at, callback, reserve());
  }

  // Returns false when the timer has fired or was cancelled before.
  bool cancel(TimerId id) {
    if (id.index >= slots_.size() || slots_[id.index].generation != id.generation) return false;
    Slot& slot = slots_[id.index];
    if (slot.callback.function == nullptr) return false;
    slot.callback.function = nullptr;
    Heap& heap = slot.timeout ? timeouts_ : timers_;
    if (++heap.cancelled > 1024 && heap.cancelled * 2 > heap.keys.size()) sweep(heap);
    return true;
  }

  // The earliest pending timer's time, or Time::never().
  Time next() {
    drop_cancelled(timers_, kNone);
    drop_cancelled(timeouts_, front(timers_));  // those that would come later can wait for a sweep
    const Key first = std::min(front(timers_), front(timeouts_));
    return first == kNone ? Time::never() : time_of(first);
  }

  // Takes the earliest timer out. Only after next() said that there is one.
  Callback pop() {
    Heap& heap = front(timeouts_) < front(timers_) ? timeouts_ : timers_;
    const std::uint32_t slot = slot_of(heap.keys.front());
    const Callback callback = slots_[slot].callback;
    release(slot);
    pop_front(heap.keys);
    return callback;
  }

  std::size_t pending() const {
    return timers_.keys.size() + timeouts_.keys.size() - timers_.cancelled - timeouts_.cancelled;
  }
  std::uint64_t scheduled() const { return next_sequence_; }

 private:
  // Time in the upper 64 bits, then 40 bits of insertion order, then 24 bits of slot: one
  // comparison orders everything.
  using Key = unsigned __int128;
  static constexpr std::uint32_t kMaxSlots = 1u << 24;
  static constexpr Key kNone = ~Key{0};

  struct Slot {
    Callback callback;
    std::uint32_t generation = 1;
    bool timeout = false;
  };
  struct Heap {
    std::vector<Key> keys;
    std::size_t cancelled = 0;
  };

  static Key make_key(Time at, std::uint64_t sequence, std::uint32_t slot) {
    return (static_cast<Key>(static_cast<std::uint64_t>(at.count())) << 64) | (sequence << 24) |
           slot;
  }
  static Time time_of(Key key) {
    return Time::from_nanoseconds(static_cast<std::int64_t>(static_cast<std::uint64_t>(key >> 64)));
  }
  static std::uint32_t slot_of(Key key) {
    return static_cast<std::uint32_t>(key) & (kMaxSlots - 1);
  }
  static Key front(const Heap& heap) { return heap.keys.empty() ? kNone : heap.keys.front(); }

  TimerId insert(Heap& heap, Time at, Callback callback, std::uint64_t sequence) {
    std::uint32_t slot;
    if (free_slots_.empty()) {
      slot = static_cast<std::uint32_t>(slots_.size());
      SOUNDCHECK_ASSERT(slot < kMaxSlots, "more than {} timers pending", kMaxSlots);
      slots_.push_back({});
    } else {
      slot = free_slots_.back();
      free_slots_.pop_back();
    }
    slots_[slot].callback = callback;
    slots_[slot].timeout = &heap == &timeouts_;
    heap.keys.push_back(0);
    sift_up(heap.keys, heap.keys.size() - 1, make_key(at, sequence, slot));
    return {slot, slots_[slot].generation};
  }

  void release(std::uint32_t slot) {
    if (++slots_[slot].generation == 0) slots_[slot].generation = 1;
    slots_[slot].callback.function = nullptr;
    free_slots_.push_back(slot);
  }

  void drop_cancelled(Heap& heap, Key before) {
    while (!heap.keys.empty() && heap.keys.front() < before &&
           slots_[slot_of(heap.keys.front())].callback.function == nullptr) {
      release(slot_of(heap.keys.front()));
      pop_front(heap.keys);
      --heap.cancelled;
    }
  }

  static void pop_front(std::vector<Key>& keys) {
    const Key last = keys.back();
    keys.pop_back();
    if (!keys.empty()) sift_down(keys, 0, last);
  }
  static void sift_up(std::vector<Key>& keys, std::size_t at, Key key) {
    while (at > 0) {
      const std::size_t parent = (at - 1) / 4;
      if (keys[parent] <= key) break;
      keys[at] = keys[parent];
      at = parent;
    }
    keys[at] = key;
  }
  static void sift_down(std::vector<Key>& keys, std::size_t at, Key key) {
    const std::size_t size = keys.size();
    for (;;) {
      const std::size_t first = at * 4 + 1;
      if (first >= size) break;
      const std::size_t last = first + 4 < size ? first + 4 : size;
      std::size_t smallest = first;
      for (std::size_t child = first + 1; child < last; ++child) {
        if (keys[child] < keys[smallest]) smallest = child;
      }
      if (key <= keys[smallest]) break;
      keys[at] = keys[smallest];
      at = smallest;
    }
    keys[at] = key;
  }
  void sweep(Heap& heap) {
    std::vector<Key> alive;
    alive.reserve(heap.keys.size() - heap.cancelled);
    for (const Key key : heap.keys) {
      if (slots_[slot_of(key)].callback.function != nullptr) {
        alive.push_back(key);
      } else {
        release(slot_of(key));
      }
    }
    heap.keys = std::move(alive);
    heap.cancelled = 0;
    for (std::size_t i = heap.keys.size() / 4 + 1; i-- > 0;) {
      if (i < heap.keys.size()) sift_down(heap.keys, i, heap.keys[i]);
    }
  }

  Heap timers_;
  Heap timeouts_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace soundcheck
