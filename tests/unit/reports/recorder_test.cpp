#include <gtest/gtest.h>

#include "tests/unit/reports/run_driver.hpp"

namespace soundcheck {
namespace {

const RequestTally& tally(const WindowTally& window) {
  return window.types.at(0);
}
const WindowTally& window(const RunRecorder& recorder, std::size_t fault, FaultWindow which) {
  return recorder.requests().of_faults().at(fault)[static_cast<std::size_t>(which)];
}

TEST(RunRecorder, CountsOutcomesOfEachRequestType) {
  RunDriver run;
  run.phase(0_s, "load");
  run.request(1_s, "subscribe", 10_ms);
  run.request(2_s, "subscribe", 20_ms, RequestOutcome::kFailed);
  run.request(3_s, "read", 30_ms, RequestOutcome::kUnknown);
  run.start(4_s, "read");
  run.recorder.finish(Time::at(10_s));

  ASSERT_EQ(run.recorder.request_types(), 2U);
  EXPECT_EQ(run.recorder.request_type(1), "read");
  const auto& before = run.recorder.requests().of_all_faults()[0];
  EXPECT_EQ(before.length, 10_s);
  EXPECT_EQ(before.types[0].ok, 1U);
  EXPECT_EQ(before.types[0].failed, 1U);
  EXPECT_EQ(before.types[0].slowest_failure, 20_ms);
  EXPECT_EQ(before.types[0].latency.count(), 1U);
  EXPECT_EQ(before.types[1].unknown, 1U);
  EXPECT_EQ(before.types[1].started, 2U);
  EXPECT_EQ(run.recorder.requests().open(), 1U);
}

TEST(RunRecorder, SortsRequestsIntoTheWindowsOfAFault) {
  RunDriver run;
  run.phase(0_s, "load");
  run.load(0_s, 20_s, 10, 10_ms);
  run.fault(20_s, true);
  run.load(20_s, 25_s, 10, 50_ms, RequestOutcome::kUnknown);
  run.fault(25_s, false);
  run.load(25_s, 40_s, 10, 10_ms);
  run.phase(40_s, "settle");
  run.recorder.finish(Time::at(60_s));

  EXPECT_EQ(window(run.recorder, 0, FaultWindow::kBefore).length, 20_s);
  EXPECT_EQ(tally(window(run.recorder, 0, FaultWindow::kBefore)).ok, 200U);
  EXPECT_EQ(tally(window(run.recorder, 0, FaultWindow::kDuring)).unknown, 50U);
  EXPECT_EQ(window(run.recorder, 0, FaultWindow::kDuring).length, 5_s);
  // Recovered since the fault's end, which five normal seconds proved.
  EXPECT_EQ(window(run.recorder, 0, FaultWindow::kAfter).length, 5_s);
  EXPECT_EQ(tally(window(run.recorder, 0, FaultWindow::kAfter)).ok, 50U);
  const FaultRecord& fault = run.recorder.requests().log().faults().at(0);
  EXPECT_EQ(fault.recovered, 1U);
  EXPECT_EQ(fault.worst_recovery, 0_s);
  EXPECT_EQ(fault.worst_detection, 50_ms);
  EXPECT_EQ(run.recorder.requests().load(), 40_s);
}

TEST(RunRecorder, CountsARequestThatMetTheFaultAsDuringItWhereverItEnded) {
  RunDriver run;
  run.phase(0_s, "load");
  run.load(0_s, 10_s, 10, 10_ms);
  run.start(9900_ms, "subscribe");
  run.fault(10_s, true);
  run.fault(12_s, false);
  run.end(14_s, "subscribe", 4100_ms);    // began before the fault, ended after it
  run.request(15_s, "subscribe", 10_ms);  // met nothing
  run.recorder.finish(Time::at(20_s));
  EXPECT_EQ(tally(window(run.recorder, 0, FaultWindow::kDuring)).ok, 1U);
  EXPECT_EQ(tally(window(run.recorder, 0, FaultWindow::kAfter)).ok, 1U);
  EXPECT_EQ(tally(run.recorder.requests().of_all_faults()[1]).ok, 1U);
  EXPECT_EQ(tally(run.recorder.requests().of_all_faults()[0]).ok, 100U);
}

TEST(RunRecorder, SaysHowLongRecoveryTook) {
  RunDriver run;
  run.phase(0_s, "load");
  run.load(0_s, 30_s, 20, 10_ms);
  run.fault(30_s, true);
  run.load(30_s, 32_s, 20, 10_ms, RequestOutcome::kFailed);
  run.fault(32_s, false);
  run.load(32_s, 39_s, 20, 100_ms);  // ten times as slow as before
  run.load(39_s, 60_s, 20, 10_ms);
  run.phase(60_s, "settle");
  run.recorder.finish(Time::at(61_s));
  const FaultRecord& fault = run.recorder.requests().log().faults().at(0);
  ASSERT_EQ(fault.recovered, 1U);
  EXPECT_EQ(fault.worst_recovery, 7_s);
}

TEST(RunRecorder, SeesThatRequestsPileUpWithoutAnswers) {
  RunDriver run;
  run.phase(0_s, "load");
  run.load(0_s, 30_s, 20, 10_ms);
  run.fault(30_s, true);
  run.fault(31_s, false);
  for (Duration at = 31_s; at < 40_s; at += 100_ms) {
    run.start(at, "subscribe");  // never answered
    run.request(at + 50_ms, "subscribe", 10_ms);
  }
  run.phase(40_s, "settle");
  run.recorder.finish(Time::at(41_s));
  EXPECT_EQ(run.recorder.requests().log().faults().at(0).recovered, 0U);
}

TEST(RunRecorder, KeepsOverlappingFaultsApart) {
  RunDriver run;
  run.phase(0_s, "load");
  run.load(0_s, 10_s, 10, 10_ms);
  run.fault(10_s, true, 1);
  run.load(10_s, 12_s, 10, 10_ms);
  run.fault(12_s, true, 2, "network.delay");
  run.load(12_s, 15_s, 10, 10_ms);
  run.fault(15_s, false, 1);
  run.load(15_s, 20_s, 10, 10_ms);
  run.fault(20_s, false, 2);
  run.recorder.finish(Time::at(20_s));
  EXPECT_EQ(tally(window(run.recorder, 0, FaultWindow::kDuring)).ok, 50U);
  EXPECT_EQ(tally(window(run.recorder, 1, FaultWindow::kDuring)).ok, 80U);
  EXPECT_EQ(tally(window(run.recorder, 1, FaultWindow::kBefore)).ok, 100U);  // the calm
  EXPECT_EQ(window(run.recorder, 0, FaultWindow::kAfter).length, 5_s);
  EXPECT_EQ(run.recorder.requests().of_all_faults()[1].length, 10_s);
  for (const FaultRecord& fault : run.recorder.requests().log().faults())
    EXPECT_TRUE(fault.episodes.at(0).overlapped);
}

TEST(RunRecorder, TakesStrikesAtOnceAsOneEpisode) {
  RunDriver run;
  run.phase(0_s, "load");
  run.fault(1_s, true);
  run.fault(2_s, true);
  run.fault(3_s, false);
  run.fault(6_s, false);
  run.recorder.finish(Time::at(10_s));
  const FaultRecord& fault = run.recorder.requests().log().faults().at(0);
  EXPECT_EQ(fault.strikes, 2U);
  EXPECT_EQ(fault.episode_count, 1U);
  EXPECT_EQ(fault.active_time, 5_s);
}

TEST(RunRecorder, CountsCallsByEdgeAndTheTroublesOfServices) {
  RunDriver run;
  const NameId charge = run.name("payments.charge");
  CallEnded call{.caller = RunDriver::kClients, .method = charge, .took = 20_ms};
  run.emit(1_s, call);
  call.error = ErrorCode::kTimeout;
  run.emit(1_s, call);
  run.emit(1_s, CallRetried{.caller = RunDriver::kClients, .method = charge});
  run.emit(2_s, HandlerEnded{.callee = RunDriver::kPayments, .worked = 4_ms, .queued = 1_ms});
  run.emit(3_s, ProcessStopped{.process = RunDriver::kPayments, .cause = DownCause::kCrash});
  run.emit(7_s, ProcessStarted{.process = RunDriver::kPayments});
  run.recorder.finish(Time::at(10_s));

  const Traffic& traffic = run.recorder.traffic();
  ASSERT_EQ(traffic.edges().size(), 1U);
  EXPECT_EQ(traffic.edges()[0].calls, 2U);
  EXPECT_EQ(traffic.edges()[0].failed, 1U);
  EXPECT_EQ(traffic.edges()[0].retries, 1U);
  EXPECT_EQ(traffic.edges()[0].errors[static_cast<std::size_t>(ErrorCode::kTimeout)], 1U);
  const ServiceTally& payments = traffic.services()[1];
  EXPECT_EQ(payments.busy, 4_ms);
  EXPECT_EQ(payments.in_queue.maximum(), 1_ms);
  EXPECT_EQ(payments.crashes, 1U);
  EXPECT_EQ(payments.down_time, 4_s);
}

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
