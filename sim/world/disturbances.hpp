#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// Told at the instant at which the first disturbance begins, before anything has broken. May update
// its own tables, post and schedule; must not run service code inline.
class DisturbanceObserver {
 public:
  virtual ~DisturbanceObserver() = default;
  virtual void on_disturbance() = 0;
};

// Whether anything in the world is out of order: a fault in force, a process that is down, a rule
// on the network. What only repeats itself need not be simulated as long as nothing is
// (models/rpc: long polls that are parked). One state for the whole world: who is to know which
// path a fault leaves alone?
class Disturbances {
 public:
  // `now` must not run backwards; each begin() is followed by at most one end().
  void begin() {
    if (active_++ == 0) tell();
  }
  void end(Time now) {
    SOUNDCHECK_ASSERT(active_ > 0, "a disturbance ends that never began");
    --active_;
    last_ = now;
  }
  // Over as soon as it began, but what was true before may not be true after it.
  void pass(Time now) {
    begin();
    end(now);
  }

  std::uint32_t active() const { return active_; }
  bool undisturbed() const { return active_ == 0; }
  // Nothing was out of order since then, nor is now.
  bool undisturbed_since(Time time) const { return undisturbed() && last_ <= time; }

  void observe(DisturbanceObserver& observer) { observers_.push_back(&observer); }

 private:
  void tell() {
    for (DisturbanceObserver* const observer : observers_) observer->on_disturbance();
  }

  std::uint32_t active_ = 0;
  Time last_;  // when the last one ended
  std::vector<DisturbanceObserver*> observers_;
};

}  // namespace soundcheck
