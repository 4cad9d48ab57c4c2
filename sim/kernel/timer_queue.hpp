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
    return insert(timers_, at, callback, sequence, 0);
  }
  // The same for a timer that will most likely be cancelled.
  TimerId schedule_timeout(Time at, Callback callback) {
    return insert(timeouts_, at, callback, reserve(), kTimeout);
  }

  // Returns false when the timer has fired or was cancelled before.
  bool cancel(TimerId id) {
    Slot& slot = slots_[id.index];
    if (slot.generation != id.generation) return false;
    if (slot.callback.function == nullptr) return false;
    slot.callback.function = nullptr;
    Heap& heap = (slot.generation & kTimeout) != 0 ? timeouts_ : timers_;
    if (++heap.cancelled > 1024 && heap.cancelled * 2 > heap.size()) sweep(heap);
    return true;
  }

  // The earliest pending timer's time, or Time::never(). Cancelled ones on top are forgotten; those
  // that would come later can wait for a sweep.
  Time next() {
    for (;;) {
      Heap& heap = earlier();
      const Key first = heap.front();
      if (time_of(first) == Time::never()) return Time::never();
      if (slots_[slot_of(first)].callback.function != nullptr) return time_of(first);
      release(slot_of(first));
      heap.take_front();
      --heap.cancelled;
    }
  }

  // Takes the earliest timer out if it is due by `limit`. Inline: once for every event.
  [[gnu::always_inline]] bool pop_due(Time limit, Time& at, Callback& callback) {
    for (;;) {
      Heap& heap = earlier();
      const Key first = heap.front();
      const Time time = time_of(first);
      if (time > limit || time == Time::never()) return false;
      const std::uint32_t slot = slot_of(first);
      callback = slots_[slot].callback;
      release(slot);
      heap.take_front();
      if (callback.function != nullptr) {
        at = time;
        return true;
      }
      --heap.cancelled;
    }
  }
  // Takes the earliest timer out. Only after next() said that there is one.
  Callback pop() {
    Time at;
    Callback callback;
    pop_due(Time::never() - Duration::nanoseconds(1), at, callback);
    return callback;
  }

  std::size_t pending() const {
    return timers_.size() + timeouts_.size() - timers_.cancelled - timeouts_.cancelled;
  }
  std::uint64_t scheduled() const { return next_sequence_; }

 private:
  // Time in the upper 64 bits, then 40 bits of insertion order, then 24 bits of slot: one
  // comparison orders everything.
  using Key = unsigned __int128;
  static constexpr std::uint32_t kMaxSlots = 1u << 24;
  static constexpr Key kNone = ~Key{0} >> 1;  // its time is never
  static constexpr std::uint32_t kNoSlot = kMaxSlots;
  static constexpr std::uint32_t kTimeout = 1;

  struct Slot {
    Callback callback;
    std::uint32_t generation = 2;  // with kTimeout in the last bit
    std::uint32_t next_free = kNoSlot;
  };

  // The place of the key that was taken out last stays open until the next insertion, which fills
  // it: most events set a timer, and most often one of the next to fire.
  class Heap {
   public:
    std::size_t cancelled = 0;

    std::size_t size() const { return keys_.size() - (open_ ? 1 : 0); }
    Key front() {
      if (open_) close();
      return front_;
    }
    void take_front() { open_ = true; }  // after front()
    void insert(Key key) {
      if (open_) {
        open_ = false;
        sift_down(0, key);
      } else {
        keys_.push_back(key);
        sift_up(keys_.size() - 1, key);
      }
      front_ = keys_.front();
    }
    // Keeps the keys for which `alive` is true.
    template <class Predicate>
    void filter(Predicate alive) {
      if (open_) close();
      std::erase_if(keys_, [&](Key key) { return !alive(key); });
      for (std::size_t i = keys_.size() / 4 + 1; i-- > 0;) {
        if (i < keys_.size()) sift_down(i, keys_[i]);
      }
      front_ = keys_.empty() ? kNone : keys_.front();
    }

   private:
    void close() {
      open_ = false;
      const Key last = keys_.back();
      keys_.pop_back();
      if (keys_.empty()) {
        front_ = kNone;
      } else {
        sift_down(0, last);
        front_ = keys_.front();
      }
    }
    void sift_up(std::size_t at, Key key) {
      Key* const keys = keys_.data();
      while (at > 0) {
        const std::size_t parent = (at - 1) / 4;
        if (keys[parent] <= key) break;
        keys[at] = keys[parent];
        at = parent;
      }
      keys[at] = key;
    }
    void sift_down(std::size_t at, Key key) {
      Key* const keys = keys_.data();
      const std::size_t size = keys_.size();
      for (;;) {
        const std::size_t first = at * 4 + 1;
        if (first >= size) break;
        std::size_t smallest = first;
        if (first + 3 < size) {
          const std::size_t left = first + (keys[first + 1] < keys[first] ? 1 : 0);
          const std::size_t right = first + 2 + (keys[first + 3] < keys[first + 2] ? 1 : 0);
          smallest = keys[right] < keys[left] ? right : left;
        } else {
          for (std::size_t child = first + 1; child < size; ++child) {
            if (keys[child] < keys[smallest]) smallest = child;
          }
        }
        if (key <= keys[smallest]) break;
        keys[at] = keys[smallest];
        at = smallest;
      }
      keys[at] = key;
    }

    std::vector<Key> keys_;
    Key front_ = kNone;  // the first of them
    bool open_ = false;  // which is not there any more
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
  Heap& earlier() { return timeouts_.front() < timers_.front() ? timeouts_ : timers_; }

  TimerId insert(Heap& heap, Time at, Callback callback, std::uint64_t sequence,
                 std::uint32_t timeout) {
    std::uint32_t index = first_free_;
    if (index == kNoSlot) [[unlikely]]
      index = add_slot();
    first_free_ = slots_[index].next_free;
    Slot& slot = slots_[index];
    slot.callback = callback;
    slot.generation = (slot.generation & ~kTimeout) | timeout;
    heap.insert(make_key(at, sequence, index));
    return {index, slot.generation};
  }

  [[gnu::cold, gnu::noinline]] std::uint32_t add_slot() {
    SOUNDCHECK_ASSERT(slots_.size() < kMaxSlots, "more than {} timers pending", kMaxSlots);
    slots_.push_back({});
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }

  void release(std::uint32_t index) {
    Slot& slot = slots_[index];
    slot.generation += 2;
    if (slot.generation <= kTimeout) slot.generation = 2;
    slot.callback.function = nullptr;
    slot.next_free = first_free_;
    first_free_ = index;
  }

  [[gnu::cold, gnu::noinline]] void sweep(Heap& heap) {
    heap.filter([this](Key key) {
      const std::uint32_t slot = slot_of(key);
      if (slots_[slot].callback.function != nullptr) return true;
      release(slot);
      return false;
    });
    heap.cancelled = 0;
  }

  Heap timers_;
  Heap timeouts_;
  std::vector<Slot> slots_ = std::vector<Slot>(1);  // never empty: see Handle
  std::uint32_t first_free_ = 0;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace soundcheck
