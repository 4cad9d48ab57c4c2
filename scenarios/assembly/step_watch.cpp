#include "scenarios/assembly/step_watch.hpp"

#include <utility>

namespace soundcheck {
namespace {

constexpr std::uint64_t kStepsPerLook = 20'000;

}  // namespace

StepWatch::StepWatch(Kernel& kernel, std::function<int()> interrupted)
    : kernel_(kernel), interrupted_(std::move(interrupted)) {
  look_again();
}

void StepWatch::look_again() {
  ReadyQueue& ready = kernel_.ready();
  ready.before_step(ready.steps() + kStepsPerLook, {&look, this, 0});
}

void StepWatch::look(void* watch, std::uint64_t) {
  auto& self = *static_cast<StepWatch*>(watch);
  const std::uint64_t steps = self.kernel_.ready().steps();
  if (self.kernel_.now() != self.instant_) {
    self.instant_ = self.kernel_.now();
    self.steps_before_ = steps;
  }
  self.code_ = self.interrupted_ ? self.interrupted_() : 0;
  self.endless_ = steps - self.steps_before_ > kStepsAtOneInstant;
  if (self.code_ != 0 || self.endless_) throw CutShort();
  self.look_again();
}

}  // namespace soundcheck
