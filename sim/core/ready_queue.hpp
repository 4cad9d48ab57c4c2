#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace soundcheck {

// Something to do later: a plain function and what it works on. No allocation, no ownership.
struct Callback {
  void (*function)(void* object, std::uint64_t argument) = nullptr;
  void* object = nullptr;
  std::uint64_t argument = 0;

  void operator()() const { function(object, argument); }
  explicit operator bool() const { return function != nullptr; }
};

// What happens next at the same instant, first in first out. Wake-ups across scopes and crashes go
// through here, never inline, so that no coroutine is destroyed or resumed from inside another one.
class ReadyQueue {
 public:
  ReadyQueue() : ring_(1024), mask_(ring_.size() - 1) {}

  void post(Callback callback) {
    if (size_ > mask_) grow();
    ring_[(head_ + size_++) & mask_] = callback;
  }
  bool empty() const { return size_ == 0; }

  // Runs the oldest item. The queue must not be empty.
  void run_one() {
    const Callback callback = ring_[head_];
    head_ = (head_ + 1) & mask_;
    --size_;
    ++steps_;
    if (steps_ == watched_step_) at_step_();
    callback();
  }
  void run_all() {
    while (size_ != 0) run_one();
  }

  // Items run so far. A test can have something happen just before the n-th one: a crash at every
  // possible step.
  std::uint64_t steps() const { return steps_; }
  void before_step(std::uint64_t step, Callback callback) {
    watched_step_ = step;
    at_step_ = callback;
  }

 private:
  [[gnu::cold, gnu::noinline]] void grow() {
    std::vector<Callback> larger(ring_.size() * 2);
    for (std::size_t i = 0; i < size_; ++i) larger[i] = ring_[(head_ + i) & mask_];
    ring_ = std::move(larger);
    mask_ = ring_.size() - 1;
    head_ = 0;
  }

  std::vector<Callback> ring_;  // the size is a power of two
  std::size_t mask_;            // one less
  std::size_t head_ = 0;
  std::size_t size_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t watched_step_ = 0;
  Callback at_step_;
};

}  // namespace soundcheck
