#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/core/ids.hpp"
#include "sim/core/ready_queue.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

using TimerId = Handle<struct TimerTag>;

// Pending timers in a 4-ary heap, ordered by time and then by insertion. Nothing is allocated per
// timer once the vectors have grown. Cancelling is O(1): the entry is dropped when it surfaces, or
// by a sweep once most of the heap is cancelled, since most timeouts never fire.
class TimerQueue {
 public:
  TimerId schedule(Time at, Callback callback) { return schedule(at, callback, reserve()); }

  // A place in the order of insertion, to be used once by an event whose time is not yet known.
  std::uint64_t reserve() { return next_sequence_++; }
  TimerId schedule(Time at, Callback callback, std::uint64_t reserved) {
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
    push(make_key(at, reserved, slot));
    return {slot, slots_[slot].generation};
  }

  // Returns false when the timer has fired or was cancelled before.
  bool cancel(TimerId id) {
    if (id.index >= slots_.size() || slots_[id.index].generation != id.generation) return false;
    if (slots_[id.index].callback.function == nullptr) return false;
    slots_[id.index].callback.function = nullptr;
    if (++cancelled_ > 1024 && cancelled_ * 2 > heap_.size()) sweep();
    return true;
  }

  // The earliest pending timer's time, or Time::never().
  Time next() {
    drop_cancelled();
    return heap_.empty() ? Time::never() : time_of(heap_.front());
  }

  // Takes the earliest timer out. Only after next() said that there is one.
  Callback pop() {
    const std::uint32_t slot = slot_of(heap_.front());
    const Callback callback = slots_[slot].callback;
    release(slot);
    pop_front();
    return callback;
  }

  std::size_t pending() const { return heap_.size() - cancelled_; }

 private:
  // Time in the upper 64 bits, then 40 bits of insertion order, then 24 bits of slot: one
  // comparison orders everything.
  using Key = unsigned __int128;
  static constexpr std::uint32_t kMaxSlots = 1u << 24;

  struct Slot {
    Callback callback;
    std::uint32_t generation = 1;
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

  void release(std::uint32_t slot) {
    if (++slots_[slot].generation == 0) slots_[slot].generation = 1;
    slots_[slot].callback.function = nullptr;
    free_slots_.push_back(slot);
  }

  void drop_cancelled() {
    while (!heap_.empty() && slots_[slot_of(heap_.front())].callback.function == nullptr) {
      release(slot_of(heap_.front()));
      pop_front();
      --cancelled_;
    }
  }

  void push(Key key) {
    heap_.push_back(key);
    sift_up(heap_.size() - 1);
  }
  void pop_front() {
    const Key last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sift_down(0, last);
  }
  void sift_up(std::size_t at) {
    const Key key = heap_[at];
    while (at > 0) {
      const std::size_t parent = (at - 1) / 4;
      if (heap_[parent] <= key) break;
      heap_[at] = heap_[parent];
      at = parent;
    }
    heap_[at] = key;
  }
  void sift_down(std::size_t at, Key key) {
    const std::size_t size = heap_.size();
    for (;;) {
      const std::size_t first = at * 4 + 1;
      if (first >= size) break;
      const std::size_t last = first + 4 < size ? first + 4 : size;
      std::size_t smallest = first;
      for (std::size_t child = first + 1; child < last; ++child) {
        if (heap_[child] < heap_[smallest]) smallest = child;
      }
      if (key <= heap_[smallest]) break;
      heap_[at] = heap_[smallest];
      at = smallest;
    }
    heap_[at] = key;
  }
  void sweep() {
    std::vector<Key> alive;
    alive.reserve(heap_.size() - cancelled_);
    for (const Key key : heap_) {
      if (slots_[slot_of(key)].callback.function != nullptr)
        alive.push_back(key);
      else
        release(slot_of(key));
    }
    heap_ = std::move(alive);
    cancelled_ = 0;
    for (std::size_t i = heap_.size() / 4 + 1; i-- > 0;) {
      if (i < heap_.size()) sift_down(i, heap_[i]);
    }
  }

  std::vector<Key> heap_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::size_t cancelled_ = 0;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace soundcheck
