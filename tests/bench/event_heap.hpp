#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace soundcheck::bench {

// A bare event loop on a 4-ary heap: integer nanoseconds, ties in order of insertion, a function
// pointer with one integer as payload. No cancellation, no types, no ownership: the least that an
// event can cost, to compare with.
class EventHeap {
 public:
  using Action = void (*)(void* model, std::uint32_t argument);

  explicit EventHeap(void* model) : model_(model) {}

  std::int64_t now() const { return now_; }
  std::int64_t fired() const { return fired_; }

  void schedule(std::int64_t delay, Action action, std::uint32_t argument) {
    events_.push_back({});
    sift_up({now_ + delay, inserted_++, argument, action});
  }

  // Fires events until none is left or `limit` of them have fired.
  void run(std::int64_t limit = INT64_MAX) {
    while (!events_.empty() && fired_ < limit) {
      const Event first = events_.front();
      const Event last = events_.back();
      events_.pop_back();
      if (!events_.empty()) sift_down(last);
      now_ = first.time;
      ++fired_;
      first.action(model_, first.argument);
    }
  }

 private:
  struct Event {
    std::int64_t time;
    std::uint32_t sequence;
    std::uint32_t argument;
    Action action;

    bool before(const Event& other) const {
      // Sequence numbers wrap; only events outstanding together are ever compared.
      return time != other.time ? time < other.time
                                : static_cast<std::int32_t>(sequence - other.sequence) < 0;
    }
  };

  static constexpr std::size_t kArity = 4;

  void sift_up(const Event& event) {
    std::size_t hole = events_.size() - 1;
    while (hole > 0) {
      const std::size_t parent = (hole - 1) / kArity;
      if (!event.before(events_[parent])) break;
      events_[hole] = events_[parent];
      hole = parent;
    }
    events_[hole] = event;
  }

  void sift_down(const Event& event) {
    const std::size_t size = events_.size();
    std::size_t hole = 0;
    for (;;) {
      const std::size_t first = hole * kArity + 1;
      if (first >= size) break;
      const std::size_t end = first + kArity < size ? first + kArity : size;
      std::size_t least = first;
      for (std::size_t child = first + 1; child < end; ++child) {
        if (events_[child].before(events_[least])) least = child;
      }
      if (!events_[least].before(event)) break;
      events_[hole] = events_[least];
      hole = least;
    }
    events_[hole] = event;
  }

  void* model_;
  std::vector<Event> events_;
  std::int64_t now_ = 0;
  std::int64_t fired_ = 0;
  std::uint32_t inserted_ = 0;
};

}  // namespace soundcheck::bench
