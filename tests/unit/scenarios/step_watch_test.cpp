#include "scenarios/assembly/step_watch.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "sim/kernel/direct/direct_kernel.hpp"

namespace soundcheck {
namespace {

// Posts itself again and again; if it is told to, with a pause now and then.
struct Busy {
  Kernel* kernel;
  std::uint64_t rest_after = 0;  // steps; 0: never
  std::uint64_t steps = 0;
  static void go_on(void* object, std::uint64_t) {
    auto& self = *static_cast<Busy*>(object);
    ++self.steps;
    if (self.rest_after != 0 && self.steps % self.rest_after == 0) {
      self.kernel->schedule_in(Duration::milliseconds(1), {&go_on, object, 0});
    } else {
      self.kernel->post({&go_on, object, 0});
    }
  }
};

struct StepWatchTest : testing::Test {
  std::unique_ptr<Kernel> kernel = make_direct_kernel(Platform());
  Busy busy{kernel.get()};
};

TEST_F(StepWatchTest, EndsARunThatStaysAtOneInstant) {
  StepWatch watch(*kernel, {});
  kernel->post({&Busy::go_on, &busy, 0});
  EXPECT_THROW(kernel->run(Time::at(Duration::seconds(1))), StepWatch::CutShort);
  EXPECT_TRUE(watch.endless());
  EXPECT_EQ(kernel->now(), Time());
  EXPECT_GE(busy.steps, StepWatch::kStepsAtOneInstant);
  EXPECT_LE(busy.steps, StepWatch::kStepsAtOneInstant + 100'000);
}

TEST_F(StepWatchTest, LeavesARunAloneThatGetsOn) {
  busy.rest_after = StepWatch::kStepsAtOneInstant / 4;
  StepWatch watch(*kernel, [] { return 0; });
  kernel->post({&Busy::go_on, &busy, 0});
  kernel->run(Time::at(Duration::milliseconds(6)));
  EXPECT_FALSE(watch.endless());
  EXPECT_GT(busy.steps, StepWatch::kStepsAtOneInstant);
}

TEST_F(StepWatchTest, EndsARunThatWasInterruptedAtOneInstant) {
  StepWatch watch(*kernel, [this] { return busy.steps > 50'000 ? 143 : 0; });
  kernel->post({&Busy::go_on, &busy, 0});
  EXPECT_THROW(kernel->run(Time::at(Duration::seconds(1))), StepWatch::CutShort);
  EXPECT_EQ(watch.interrupted(), 143);
  EXPECT_FALSE(watch.endless());
  EXPECT_LE(busy.steps, 100'000U);
}

}  // namespace
}  // namespace soundcheck
