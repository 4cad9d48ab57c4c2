// The run over time, and how much was used of what there is only so much of.
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "reports/recorder/resource_log.hpp"
#include "reports/recorder/series.hpp"
#include "sim/core/usage_meter.hpp"
#include "tests/unit/reports/run_driver.hpp"

namespace soundcheck {
namespace {

TEST(Series, HasARowForEachSecondInWhichSomethingHappened) {
  RunDriver run;
  run.request(500_ms, "subscribe", 10_ms);
  run.request(700_ms, "subscribe", 30_ms);
  run.request(90'500_ms, "subscribe", 20_ms, RequestOutcome::kUnknown);
  run.recorder.finish(Time::at(91_s));
  const Series& series = run.recorder.series();
  ASSERT_EQ(series.run().size(), 2U);
  EXPECT_EQ(series.run()[1].second, 90);
  EXPECT_EQ(series.requests()[0][0].ok, 2U);
  EXPECT_EQ(series.requests()[0][0].maximum, (30_ms).count());
  EXPECT_EQ(series.requests()[0][1].unknown, 1U);
}

// One worker at work from 0.5 s to 3.5 s, and nothing else: no second has more than a second of it.
TEST(Series, BooksTimeInWorkersWhereItWasSpent) {
  RunDriver run;
  run.emit(3'500_ms, HandlerEnded{.callee = RunDriver::kPayments, .worked = 3_s});
  run.emit(3'700_ms, HandlerEnded{.callee = RunDriver::kPayments, .worked = 100_ms});
  run.emit(4_s, HandlerEnded{.callee = RunDriver::kPayments, .worked = 200_ms});
  run.recorder.finish(Time::at(5_s));
  const Series& series = run.recorder.series();
  const auto& rows = series.services()[1];
  ASSERT_EQ(series.run().size(), 5U);
  ASSERT_EQ(rows.size(), 5U);
  const std::vector<Duration> expected{500_ms, 1_s, 1_s, 800_ms, 0_s};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(series.run()[i].second, static_cast<std::int64_t>(i));
    EXPECT_EQ(rows[i].busy, expected[i].count()) << i;
  }
  EXPECT_EQ(rows[3].handled, 2U) << "they are counted where they ended";
}

TEST(Series, BooksALongWorkIntoWideSteps) {
  Series series(1, 4);
  series.begin_second(Time::at(9_s));
  series.handler_ended(Time::at(9'500_ms), 0, false, 9_s, 0_s);
  series.second_ended({.second = 9});
  EXPECT_LE(series.run().size(), 4U);
  std::int64_t busy = 0;
  for (const ServicePoint& point : series.services()[0]) {
    EXPECT_LE(point.busy, Duration::seconds(series.step_seconds()).count());
    busy += point.busy;
  }
  EXPECT_EQ(busy, (9_s).count());
}

TEST(Series, BooksIntoRowsThatAreThere) {
  RunDriver run;
  run.request(1'500_ms, "subscribe", 10_ms);
  run.request(5'500_ms, "subscribe", 10_ms);
  run.emit(6'200_ms, HandlerEnded{.callee = RunDriver::kAuth, .worked = 5_s});
  run.recorder.finish(Time::at(7_s));
  const Series& series = run.recorder.series();
  ASSERT_EQ(series.run().size(), 6U);
  const std::vector<Duration> expected{800_ms, 1_s, 1_s, 1_s, 1_s, 200_ms};
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_EQ(series.services()[2][i].busy, expected[i].count()) << i;
  EXPECT_EQ(series.requests()[0][0].ok, 1U);
  EXPECT_EQ(series.requests()[0][4].ok, 1U);
  EXPECT_EQ(series.requests()[0][1].ok, 0U);
}

// A sum of unit seconds is never above the capacity, and who waits is told apart.
TEST(UsageMeter, TellsUseFromWaiting) {
  UsageMeter meter(2);
  for (int i = 0; i < 3; ++i) meter.enter(Time::at(1_s));
  meter.leave(Time::at(2_s));
  meter.clear(Time::at(4_s));
  const UsageMeter::Total total = meter.total(Time::at(10_s));
  EXPECT_DOUBLE_EQ(total.used, 2 + 4);
  EXPECT_DOUBLE_EQ(total.waited, 1);
}

TEST(ResourceLog, TellsTheBusiestStretchOfTheLoad) {
  UsageMeter meter(2);
  ResourceLog log(
      {{.kind = ResourceKind::kCores, .owner = "payments", .capacity = 2, .total = [&](Time at) {
          return meter.total(at);
        }}});
  log.load_started(Time::at(0_s));
  log.watch(Time::at(10_s));
  meter.enter(Time::at(10_s));
  log.watch(Time::at(15_s));
  log.watch(Time::at(20_s));
  meter.clear(Time::at(20_s));
  log.load_ended(Time::at(25_s));
  meter.enter(Time::at(25_s));  // settling does not count
  log.load_ended(Time::at(60_s));
  EXPECT_DOUBLE_EQ(log.uses()[0].used, 10);
  EXPECT_DOUBLE_EQ(log.uses()[0].busiest, 0.5);
}

TEST(Series, WidensItsStepsAndKeepsSpikes) {
  Series series(0, 8);
  for (std::int64_t second = 0; second < 16; ++second) {
    series.request_started(0);
    series.request_ended(0, RequestOutcome::kOk, second == 5 ? 900_ms : 10_ms);
    series.second_ended({.second = second, .open_requests = second == 9 ? 70U : 1U});
  }
  EXPECT_EQ(series.step_seconds(), 2);
  ASSERT_EQ(series.run().size(), 8U);
  std::uint64_t started = 0;
  for (const RequestPoint& point : series.requests()[0]) started += point.started;
  EXPECT_EQ(started, 16U);
  EXPECT_EQ(series.run()[2].second, 4);
  EXPECT_EQ(series.requests()[0][2].maximum, (900_ms).count());
  EXPECT_EQ(series.run()[4].open_requests, 70U);
}

}  // namespace
}  // namespace soundcheck
