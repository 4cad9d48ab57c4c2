#include "sim/env/completion.hpp"

#include <gmock/gmock.h>

#include <vector>

#include "tests/unit/sim/env/env_fixture.hpp"

namespace soundcheck::test {
namespace {

using testing::ElementsAre;

class CompletionTest : public EnvTest {
 protected:
  static Task<void> waits(Env env, std::vector<int>* woken, int name) {
    co_await env.sleep(1_s);
    woken->push_back(name);
  }
  std::vector<int> woken;
};

TEST_F(CompletionTest, WakesTheWaiterFromTheReadyQueueAndNotInline) {
  start(waits(env(), &woken, 1));
  EXPECT_TRUE(runtime.completions().complete(runtime.waits[0], Nothing{}));
  EXPECT_TRUE(woken.empty());
  ready.run_all();
  EXPECT_THAT(woken, ElementsAre(1));
  EXPECT_EQ(runtime.completions().open_slots(), 0U);
}

TEST_F(CompletionTest, WakesInTheOrderOfTheAnswers) {
  for (int i = 0; i < 3; ++i) start(waits(env(), &woken, i));
  for (const std::size_t i : {2, 0, 1}) {
    runtime.completions().complete(runtime.waits[i], Nothing{});
  }
  ready.run_all();
  EXPECT_THAT(woken, ElementsAre(2, 0, 1));
}

TEST_F(CompletionTest, ASecondAnswerIsDroppedAndCounted) {
  start(waits(env(), &woken, 1));
  const SlotRef slot = runtime.waits[0];
  EXPECT_TRUE(runtime.completions().complete(slot, Nothing{}));
  EXPECT_FALSE(runtime.completions().complete(slot, Nothing{})) << "before the waiter runs";
  ready.run_all();
  EXPECT_FALSE(runtime.completions().complete(slot, Nothing{})) << "and after it";
  EXPECT_EQ(runtime.completions().dropped(), 2U);
  EXPECT_THAT(woken, ElementsAre(1));
}

// The slot's place is taken by the next waiter; the old name does not reach it.
TEST_F(CompletionTest, ALateAnswerDoesNotReachTheNextWaiterInThePlace) {
  start(waits(env(), &woken, 1));
  const SlotRef old = runtime.waits[0];
  wake(old);
  start(waits(env(), &woken, 2));
  EXPECT_EQ(runtime.waits[1].index, old.index);
  EXPECT_FALSE(runtime.completions().complete(old, Nothing{}));
  ready.run_all();
  EXPECT_THAT(woken, ElementsAre(1));
}

TEST_F(CompletionTest, AnAnswerToADeadProcessIsDropped) {
  start(waits(env(), &woken, 1));
  scope->destroy_frames();
  EXPECT_FALSE(runtime.completions().waiting(runtime.waits[0]));
  EXPECT_FALSE(runtime.completions().complete(runtime.waits[0], Nothing{}));
  EXPECT_EQ(runtime.completions().dropped(), 1U);
}

// Answered, and the process dies at the same instant, before the waiter has run.
TEST_F(CompletionTest, ACrashBetweenAnswerAndWakingWins) {
  for (const bool frames_are_gone : {false, true}) {
    scope.emplace(ready);
    runtime.waits.clear();
    start(waits(env(), &woken, 1));
    EXPECT_TRUE(runtime.completions().complete(runtime.waits[0], Nothing{}));
    scope->doom();
    if (frames_are_gone) scope->destroy_frames();
    ready.run_all();
    EXPECT_TRUE(woken.empty());
    scope->destroy_frames();
    EXPECT_EQ(runtime.completions().open_slots(), 0U);
  }
}

// A process that has just been killed goes on to its next await, and nothing leaves it any more.
TEST_F(CompletionTest, ADoomedProcessAsksForNothing) {
  const auto kills_itself = [](Env inner, Scope* own) -> Task<void> {
    own->doom();
    co_await inner.sleep(1_s);
  };
  start(kills_itself(env(), &*scope));
  EXPECT_TRUE(runtime.waits.empty());
  EXPECT_EQ(scope->roots(), 1U);
  scope->destroy_frames();
  EXPECT_EQ(runtime.completions().open_slots(), 0U);
}

}  // namespace
}  // namespace soundcheck::test
