#pragma once

#include <cstdint>
#include <functional>

#include "sim/core/time.hpp"
#include "sim/kernel/kernel.hpp"

namespace soundcheck {

// Looks at a run from within, every so many steps of its kernel: a run that works on and on at one
// simulated instant never comes to the end of the second after which it is watched otherwise. What
// it finds ends Kernel::run() at once, by an exception; nothing of the simulated world is to be run
// after that.
class StepWatch {
 public:
  struct CutShort {};

  static constexpr std::uint64_t kStepsAtOneInstant = 10'000'000;

  // `interrupted`: anything but 0 ends the run. The kernel outlives this.
  StepWatch(Kernel& kernel, std::function<int()> interrupted);
  StepWatch(const StepWatch&) = delete;
  StepWatch& operator=(const StepWatch&) = delete;

  int interrupted() const { return code_; }
  // There were more than kStepsAtOneInstant without the clock moving.
  bool endless() const { return endless_; }

 private:
  static void look(void* watch, std::uint64_t);
  void look_again();

  Kernel& kernel_;
  std::function<int()> interrupted_;
  Time instant_ = Time::never();
  std::uint64_t steps_before_ = 0;  // when the clock was first seen at `instant_`
  int code_ = 0;
  bool endless_ = false;
};

}  // namespace soundcheck
