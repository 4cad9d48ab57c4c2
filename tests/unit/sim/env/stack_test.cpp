// Awaiting costs no stack, in any build type: coroutines that end at once, a hundred thousand of
// them, run on the stack of one.
#include <algorithm>
#include <cstdint>

#include "tests/unit/sim/env/env_fixture.hpp"

namespace soundcheck::test {
namespace {

constexpr int kAwaits = 100'000;
// Of one await may be left what a few calls take, not what 100,000 would: those are 10 MB and more.
constexpr std::ptrdiff_t kAllowedBytes = 16'384;

// How far the stack reaches at the places where it is asked.
class StackMeter {
 public:
  [[gnu::noinline]] void measure() {
    const char here = 0;
    const auto address = reinterpret_cast<std::intptr_t>(&here);
    lowest_ = measured_ ? std::min(lowest_, address) : address;
    highest_ = measured_ ? std::max(highest_, address) : address;
    measured_ = true;
  }
  std::ptrdiff_t spread() const { return highest_ - lowest_; }

 private:
  bool measured_ = false;
  std::intptr_t lowest_ = 0;
  std::intptr_t highest_ = 0;
};

Task<int> one(StackMeter* meter) {
  meter->measure();
  co_return 1;
}

Task<void> awaits_what_ends_at_once(StackMeter* meter, int* sum) {
  for (int i = 0; i < kAwaits; ++i) {
    const int value = co_await one(meter);
    *sum += value;
  }
}

using StackTest = EnvTest;

TEST_F(StackTest, DoesNotGrowWithAwaitsOfTasksThatEndAtOnce) {
  StackMeter meter;
  int sum = 0;
  start(awaits_what_ends_at_once(&meter, &sum));
  EXPECT_EQ(sum, kAwaits);
  EXPECT_EQ(scope->roots(), 0U);
  EXPECT_LT(meter.spread(), kAllowedBytes);
}

// Each call is answered before its await has suspended the caller.
class InstantRuntime final : public SilentRuntime {
 public:
  using SilentRuntime::SilentRuntime;
  void sleep(const ContextRef&, Duration, SlotRef done) override {
    completions().complete(done, Nothing{});
  }
};

Task<void> sleeps_once(Env env, StackMeter* meter) {
  co_await env.sleep(1_s);
  meter->measure();
}

Task<void> awaits_what_is_complete(Env env, StackMeter* meter, int* awaits) {
  for (int i = 0; i < kAwaits / 2; ++i) {
    co_await env.sleep(1_s);
    meter->measure();
    co_await sleeps_once(env, meter);
    *awaits += 2;
  }
}

TEST_F(StackTest, DoesNotGrowWithAwaitsOfCompletionsThatComeAtOnce) {
  InstantRuntime instant(ready);
  RequestContext context;
  context.runtime = &instant;
  context.scope = &*scope;
  StackMeter meter;
  int awaits = 0;
  start(awaits_what_is_complete(Env(ContextRef::make(context)), &meter, &awaits));
  ready.run_all();
  EXPECT_EQ(awaits, kAwaits);
  EXPECT_EQ(scope->roots(), 0U);
  EXPECT_LT(meter.spread(), kAllowedBytes);
}

// Parents that wait for one another are resumed one after the other when the innermost has ended.
Task<int> nested(Env env, int depth, StackMeter* meter) {
  if (depth == 0) {
    co_await env.sleep(1_s);
    co_return 0;
  }
  const int below = co_await nested(env, depth - 1, meter);
  meter->measure();
  co_return below + 1;
}

TEST_F(StackTest, DoesNotGrowWhenNestedTasksEndOneAfterTheOther) {
  constexpr int kDepth = 1'000;
  StackMeter meter;
  int depth = 0;
  const auto root = [](Env inner, StackMeter* its_meter, int* result) -> Task<void> {
    *result = co_await nested(inner, kDepth, its_meter);
  };
  start(root(env(), &meter, &depth));
  wake(runtime.waits[0]);
  EXPECT_EQ(depth, kDepth);
  EXPECT_LT(meter.spread(), kAllowedBytes);
}

}  // namespace
}  // namespace soundcheck::test
