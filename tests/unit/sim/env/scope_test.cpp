#include "sim/env/scope.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/unit/sim/env/env_fixture.hpp"

namespace soundcheck::test {
namespace {

using testing::ElementsAre;

using Log = std::vector<std::string>;

// Writes down when it goes: in a coroutine's frame it goes with the frame.
struct Mark {
  Log* log;
  std::string name;
  Mark(Log& its_log, std::string its_name) : log(&its_log), name(std::move(its_name)) {}
  Mark(const Mark&) = delete;
  Mark& operator=(const Mark&) = delete;
  ~Mark() { log->push_back("end of " + name); }
};

Task<void> note(Log* log, std::string name) {
  log->push_back(name);
  co_return;
}

Task<void> wait_between(Env env, Log* log, std::string name) {
  const Mark mark(*log, name);
  log->push_back(name);
  co_await env.sleep(1_s);
  log->push_back(name + " again");
}

class ScopeTest : public EnvTest {
 protected:
  ~ScopeTest() override { scope.reset(); }  // frames write into the log when they go
  Log log;
};

TEST_F(ScopeTest, StartsARootAtOnceOrFromTheReadyQueue) {
  scope->start(note(&log, "later").release().promise());
  scope->start_now(note(&log, "now").release().promise());
  EXPECT_THAT(log, ElementsAre("now"));
  ready.run_all();
  EXPECT_THAT(log, ElementsAre("now", "later"));
  EXPECT_EQ(scope->roots(), 0U);
}

TEST_F(ScopeTest, OwnsARootUntilItHasFinished) {
  start(wait_between(env(), &log, "one"));
  EXPECT_EQ(scope->roots(), 1U);
  EXPECT_THAT(log, ElementsAre("one"));
  wake(runtime.waits[0]);
  EXPECT_EQ(scope->roots(), 0U);
  EXPECT_THAT(log, ElementsAre("one", "one again", "end of one"));
}

TEST_F(ScopeTest, TellsOfAFinishedRootWhileItsResultStillStands) {
  struct Told {
    int result = 0;
  } told;
  const auto seven = []() -> Task<int> { co_return 7; };
  using Promise = Task<int>::promise_type;
  scope->start_now(seven().release().promise(),
                   {[](void* object, std::uint64_t, CoroutineBase& root) {
                      static_cast<Told*>(object)->result = static_cast<Promise&>(root).take();
                    },
                    &told, 0});
  EXPECT_EQ(told.result, 7);
}

TEST_F(ScopeTest, ADoomedOneStartsNothingAndResumesNothing) {
  start(wait_between(env(), &log, "one"));
  scope->start(note(&log, "posted before").release().promise());
  scope->doom();
  scope->start(note(&log, "posted after").release().promise());
  scope->start_now(note(&log, "started after").release().promise());
  wake(runtime.waits[0]);
  EXPECT_THAT(log, ElementsAre("one"));
  EXPECT_EQ(runtime.completions().dropped(), 1U);
}

TEST_F(ScopeTest, DestroysItsFramesOldestFirst) {
  for (const char* const name : {"one", "two", "three"}) start(wait_between(env(), &log, name));
  wake(runtime.waits[1]);
  start(wait_between(env(), &log, "four"));  // in the place that "two" has left
  log.clear();
  scope->destroy_frames();
  EXPECT_THAT(log, ElementsAre("end of one", "end of three", "end of four"));
  EXPECT_EQ(scope->roots(), 0U);
  EXPECT_EQ(runtime.completions().open_slots(), 0U);
}

// What a frame's destructor starts has no process to run in any more.
TEST_F(ScopeTest, WhatIsStartedWhileItsFramesGoIsDestroyedUnstarted) {
  struct Starter {
    Scope* scope;
    Log* log;
    ~Starter() { scope->start(note(log, "started by a destructor").release().promise()); }
  };
  const auto starts_at_its_end = [](Env inner, Scope* own, Log* its_log) -> Task<void> {
    const Starter starter{own, its_log};
    co_await inner.sleep(1_s);
  };
  start(starts_at_its_end(env(), &*scope, &log));
  scope->destroy_frames();
  ready.run_all();
  EXPECT_TRUE(log.empty());
}

// A child is owned by its parent's frame, at whatever depth it waits.
TEST_F(ScopeTest, AFrameTakesItsChildrenWithIt) {
  const auto parent = [](Env inner, Log* its_log) -> Task<void> {
    const Mark mark(*its_log, "parent");
    co_await wait_between(inner, its_log, "child");
  };
  start(parent(env(), &log));
  EXPECT_EQ(scope->roots(), 1U);
  scope.reset();
  EXPECT_THAT(log, ElementsAre("child", "end of child", "end of parent"));
}

TEST_F(ScopeTest, ASpawnedTaskOutlivesWhoSpawnedIt) {
  const auto spawner = [](Env inner, Log* its_log) -> Task<void> {
    inner.spawn(wait_between(inner, its_log, "spawned"));
    its_log->push_back("spawner");
    co_return;
  };
  start(spawner(env(), &log));
  ready.run_all();
  EXPECT_THAT(log, ElementsAre("spawner", "spawned"));
  EXPECT_EQ(scope->roots(), 1U);
}

}  // namespace
}  // namespace soundcheck::test
