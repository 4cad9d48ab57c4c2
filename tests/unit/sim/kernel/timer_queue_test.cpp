#include "sim/kernel/timer_queue.hpp"

#include <gtest/gtest.h>

#include <map>
#include <utility>
#include <vector>

#include "sim/core/random.hpp"

namespace soundcheck {
namespace {

// Callbacks that only say which timer it was.
void note(void* fired, std::uint64_t which) {
  static_cast<std::vector<std::uint64_t>*>(fired)->push_back(which);
}

class TimerQueueTest : public testing::Test {
 protected:
  TimerId schedule(std::int64_t at, std::uint64_t which) {
    return queue_.schedule(Time::from_nanoseconds(at), {&note, &fired_, which});
  }
  void fire_all() {
    while (queue_.next() != Time::never()) queue_.pop()();
  }

  TimerQueue queue_;
  std::vector<std::uint64_t> fired_;
};

TEST_F(TimerQueueTest, FiresByTimeAndThenByInsertion) {
  schedule(20, 1);
  schedule(10, 2);
  schedule(20, 3);
  schedule(10, 4);
  schedule(0, 5);
  EXPECT_EQ(queue_.next(), Time());
  fire_all();
  EXPECT_EQ(fired_, (std::vector<std::uint64_t>{5, 2, 4, 1, 3}));
}

TEST_F(TimerQueueTest, KeepsNanosecondsApartAfterTenYears) {
  const std::int64_t ten_years = Duration::days(3653).count();
  schedule(ten_years + 1, 1);
  schedule(ten_years, 2);
  schedule(ten_years + 2, 3);
  fire_all();
  EXPECT_EQ(fired_, (std::vector<std::uint64_t>{2, 1, 3}));
}

TEST_F(TimerQueueTest, AReservedPlaceGoesBeforeWhatWasScheduledInBetween) {
  const std::uint64_t place = queue_.reserve();
  schedule(10, 1);
  queue_.schedule(Time::from_nanoseconds(10), {&note, &fired_, 2}, place);
  fire_all();
  EXPECT_EQ(fired_, (std::vector<std::uint64_t>{2, 1}));
}

TEST_F(TimerQueueTest, CancelledTimersDoNotFireAndAreCancelledOnce) {
  const TimerId first = schedule(10, 1);
  schedule(11, 2);
  EXPECT_TRUE(queue_.cancel(first));
  EXPECT_FALSE(queue_.cancel(first));
  EXPECT_EQ(queue_.pending(), 1u);
  fire_all();
  EXPECT_EQ(fired_, (std::vector<std::uint64_t>{2}));
}

TEST_F(TimerQueueTest, AStaleIdDoesNotCancelTheNextTimerInItsSlot) {
  const TimerId first = schedule(10, 1);
  fire_all();
  schedule(20, 2);
  EXPECT_FALSE(queue_.cancel(first));
  EXPECT_FALSE(queue_.cancel(TimerId{}));
  fire_all();
  EXPECT_EQ(fired_, (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(TimerQueueTest, SweepsWhenMostAreCancelledWithoutLosingOthers) {
  std::vector<TimerId> timeouts;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const TimerId id = schedule(static_cast<std::int64_t>(1'000'000 - i), i);
    if (i % 1000 != 0) timeouts.push_back(id);
  }
  for (const TimerId id : timeouts) ASSERT_TRUE(queue_.cancel(id));
  EXPECT_EQ(queue_.pending(), 100u);
  fire_all();
  ASSERT_EQ(fired_.size(), 100u);
  for (std::size_t i = 0; i < fired_.size(); ++i) EXPECT_EQ(fired_[i], 99'000 - i * 1000);
}

TEST_F(TimerQueueTest, AgreesWithASortedMapUnderRandomOperations) {
  RandomStream random(1, "timer queue");
  std::map<std::pair<std::int64_t, std::uint64_t>, TimerId> reference;  // by time and insertion
  std::int64_t now = 0;
  std::vector<std::uint64_t> expected;
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    const std::uint64_t choice = random.below(10);
    if (choice < 5) {
      const std::int64_t at = now + static_cast<std::int64_t>(random.below(1000));
      // Timeouts are kept apart, which nobody may notice.
      const Callback callback{&note, &fired_, i};
      const Time time = Time::from_nanoseconds(at);
      reference[{at, i}] = random.chance(0.5) ? queue_.schedule_timeout(time, callback)
                                              : queue_.schedule(time, callback);
    } else if (choice < 8 && !reference.empty()) {
      auto victim = reference.lower_bound({now + static_cast<std::int64_t>(random.below(1000)), 0});
      if (victim == reference.end()) victim = reference.begin();
      ASSERT_TRUE(queue_.cancel(victim->second));
      reference.erase(victim);
    } else if (!reference.empty()) {
      ASSERT_EQ(queue_.next().count(), reference.begin()->first.first);
      now = reference.begin()->first.first;
      expected.push_back(reference.begin()->first.second);
      reference.erase(reference.begin());
      queue_.pop()();
      ASSERT_EQ(fired_.back(), expected.back());
    }
    ASSERT_EQ(queue_.pending(), reference.size());
  }
  EXPECT_GT(expected.size(), 10'000u);
}

}  // namespace
}  // namespace soundcheck
