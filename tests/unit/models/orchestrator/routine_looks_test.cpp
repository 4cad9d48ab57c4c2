#include "models/orchestrator/service/routine_looks.hpp"

#include <gtest/gtest.h>

#include "sim/core/ready_queue.hpp"

namespace soundcheck::orchestrator {
namespace {

constexpr const char* kQueue = "_deciderQueue";
const std::vector<std::string> kQueues{kQueue};

Time after(std::int64_t seconds) {
  return Time::at(Duration::seconds(seconds));
}

// Looks every 30 s that find nothing.
class RoutineLooksTest : public ::testing::Test {
 protected:
  void look(std::int64_t came, std::int64_t next, std::optional<Time> change = std::nullopt) {
    ASSERT_TRUE(queues_.take(kQueues, after(came))) << came;
    queues_.apply({{QueueWrite::Kind::kPush, kQueue, "w", after(next)}}, after(came));
    looks_.found_nothing(kQueue, "w", "w", after(came), change);
  }
  void looks_until(std::int64_t last, std::optional<Time> change = std::nullopt) {
    queues_.apply({{QueueWrite::Kind::kPush, kQueue, "w", after(30)}}, after(0));
    for (std::int64_t came = 30; came <= last; came += 30) look(came, came + 30, change);
  }

  QueueView queues_;
  RoutineLooks looks_{queues_};
  ReadyQueue ready_;
  Completions completions_{ready_};
};

TEST_F(RoutineLooksTest, AreLeftOutWhenTheyHaveFoundNothingForTenMinutes) {
  looks_until(570);
  EXPECT_EQ(queues_.next(after(599)), after(600));
  look(600, 630);
  EXPECT_EQ(queues_.next(after(600)), Time::never());
  EXPECT_FALSE(queues_.take(kQueues, after(1'000'000)));
  EXPECT_TRUE(queues_.has(kQueue, "w"));
}

TEST_F(RoutineLooksTest, ComeAgainWhenTheyWouldHaveComeOnceSomebodyWorksOnTheWorkflow) {
  looks_until(600);
  looks_.rouse("other", after(10'000), completions_);
  EXPECT_EQ(queues_.next(after(10'000)), Time::never());
  looks_.rouse("w", after(10'000), completions_);
  EXPECT_EQ(queues_.next(after(10'000)), after(10'020));
  look(10'020, 10'050);  // and have to find nothing for ten minutes again
  EXPECT_EQ(queues_.next(after(10'020)), after(10'050));
}

TEST_F(RoutineLooksTest, ComeAgainWhenAnythingBreaks) {
  looks_until(600);
  looks_.rouse_all(after(90'000), completions_);
  EXPECT_TRUE(queues_.take(kQueues, after(90'000)));
}

TEST_F(RoutineLooksTest, ComeBeforeTimeChangesSomething) {
  looks_until(600, after(5'000));
  // The last one from which the next would still be before the change.
  EXPECT_EQ(queues_.next(after(600)), after(4'950));
  look(4'950, 4'980, after(5'000));
  EXPECT_EQ(queues_.next(after(4'950)), after(4'980));
}

TEST_F(RoutineLooksTest, EndWhenTheMessageIsPushedAnew) {
  looks_until(600);
  queues_.apply({{QueueWrite::Kind::kPush, kQueue, "w", after(700)}}, after(700));
  EXPECT_TRUE(queues_.take(kQueues, after(700)));
}

TEST_F(RoutineLooksTest, AreNotRegularWhileTheirIntervalsGrow) {
  queues_.apply({{QueueWrite::Kind::kPush, kQueue, "w", after(1)}}, after(0));
  std::int64_t came = 1, pause = 1;
  for (int i = 0; i < 12; ++i) {
    look(came, came + pause);
    came += pause;
    pause *= 2;
  }
  EXPECT_EQ(queues_.next(after(came - 1)), after(came));
}

}  // namespace
}  // namespace soundcheck::orchestrator
