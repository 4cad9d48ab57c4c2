#include <gtest/gtest.h>

#include "tests/unit/reports/run_driver.hpp"

namespace soundcheck {
namespace {

const WorkTally& tally(const WindowTally& window) {
  return window.types.at(0);
}
const WindowTally& window(const RunRecorder& recorder, std::size_t fault, FaultWindow which) {
  return recorder.windows().of_faults(Work::kRequests).at(fault)[static_cast<std::size_t>(which)];
}
const FaultWindowTallies& of_all_faults(const RunRecorder& recorder) {
  return recorder.windows().of_all_faults(Work::kRequests);
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
  const auto& before = of_all_faults(run.recorder)[0];
  EXPECT_EQ(before.length, 10_s);
  EXPECT_EQ(before.types[0].ok, 1U);
  EXPECT_EQ(before.types[0].failed, 1U);
  EXPECT_EQ(before.types[0].slowest_failure, 20_ms);
  EXPECT_EQ(before.types[0].latency.count(), 1U);
  EXPECT_EQ(before.types[1].unknown, 1U);
  EXPECT_EQ(before.types[1].started, 2U);
  EXPECT_EQ(run.recorder.windows().open(Work::kRequests), 1U);
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
  // As long as before, but for the end of the load.
  EXPECT_EQ(window(run.recorder, 0, FaultWindow::kAfter).length, 15_s);
  EXPECT_EQ(tally(window(run.recorder, 0, FaultWindow::kAfter)).ok, 150U);
  const FaultRecord& fault = run.recorder.windows().log().faults().at(0);
  EXPECT_EQ(fault.recovered, 1U);
  EXPECT_EQ(fault.worst_recovery, 0_s);
  EXPECT_EQ(fault.worst_detection, 50_ms);
  EXPECT_EQ(run.recorder.windows().load(), 40_s);
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
  EXPECT_EQ(tally(of_all_faults(run.recorder)[1]).ok, 1U);
  EXPECT_EQ(tally(of_all_faults(run.recorder)[0]).ok, 100U);
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
  const FaultRecord& fault = run.recorder.windows().log().faults().at(0);
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
  EXPECT_EQ(run.recorder.windows().log().faults().at(0).recovered, 0U);
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
  // The other one struck when it ended: what comes then is not its own.
  EXPECT_EQ(window(run.recorder, 0, FaultWindow::kAfter).length, 0_s);
  EXPECT_EQ(of_all_faults(run.recorder)[1].length, 10_s);
  for (const FaultRecord& fault : run.recorder.windows().log().faults())
    EXPECT_TRUE(fault.episodes.at(0).overlapped);
}

TEST(RunRecorder, LooksAsLongAfterAFaultAsBefore) {
  RunDriver run;
  run.phase(0_s, "load");
  run.load(0_s, 10_s, 10, 10_ms);
  run.fault(10_s, true, 1);
  run.fault(12_s, false, 1);
  run.load(12_s, 40_s, 10, 10_ms);
  run.fault(40_s, true, 2);
  run.fault(41_s, false, 2);
  run.load(41_s, 45_s, 10, 10_ms);
  run.fault(45_s, true, 1);  // strikes again
  run.fault(46_s, false, 1);
  run.recorder.finish(Time::at(80_s));
  EXPECT_EQ(window(run.recorder, 0, FaultWindow::kAfter).length, 10_s + 10_s);
  EXPECT_EQ(tally(window(run.recorder, 0, FaultWindow::kAfter)).ok, 100U);
  EXPECT_EQ(window(run.recorder, 1, FaultWindow::kAfter).length, 4_s);
  EXPECT_EQ(tally(window(run.recorder, 1, FaultWindow::kAfter)).ok, 40U);
}

// 10 requests a second that take 5 s each: in a window of 1 s 10 of them end, though 60 met it.
TEST(RunRecorder, CountsARateByWhatEndedInItsWindow) {
  RunDriver run;
  run.phase(0_s, "load");
  for (int i = 0; i < 400; ++i) {
    const Duration at = 50_ms + 100_ms * i;
    if (i == 200) run.fault(20_s, true);
    if (i == 210) run.fault(21_s, false);
    if (i < 300) run.start(at, "subscribe");
    if (i == 300) run.phase(30_s, "settle");
    if (i >= 50 && i < 350) run.end(at, "subscribe", 5_s);
  }
  run.recorder.finish(Time::at(60_s));
  const WorkTally& during = tally(window(run.recorder, 0, FaultWindow::kDuring));
  EXPECT_EQ(during.ok, 60U);
  EXPECT_EQ(during.ok_within, 10U);
  std::uint64_t within = 0;
  std::uint64_t ok = 0;
  for (const WindowTally& one : of_all_faults(run.recorder)) {
    within += tally(one).ended_within;
    ok += tally(one).ok;
  }
  EXPECT_EQ(ok, 300U);
  EXPECT_EQ(within, 250U) << "what ends while settling is no work of the load";
}

// One worker that is never idle: it is busy for as long as the load lasts, and no longer.
TEST(RunRecorder, CountsTheWorkOfTheLoadAlone) {
  RunDriver run;
  run.phase(0_s, "load");
  for (Duration at = 3_s; at <= 27_s; at += 3_s) {
    if (at == 21_s) run.phase(20_s, "settle");
    run.emit(at, HandlerEnded{.callee = RunDriver::kPayments, .worked = 3_s});
  }
  run.recorder.finish(Time::at(30_s));
  const ServiceTally& payments = run.recorder.traffic().services()[1];
  EXPECT_EQ(payments.busy, 27_s);
  EXPECT_EQ(payments.busy_in_load, 20_s);
}

TEST(RunRecorder, ChargesFaultsThatFollowOneAnotherFromTheEndOfTheLast) {
  RunDriver run;
  run.phase(0_s, "load");
  run.load(0_s, 30_s, 20, 10_ms);
  run.fault(30_s, true, 1);
  run.load(30_s, 40_s, 20, 300_ms);
  run.fault(40_s, false, 1);
  run.fault(40_s, true, 2);
  run.load(40_s, 50_s, 20, 500_ms);
  run.fault(50_s, false, 2);
  run.load(50_s, 53_s, 20, 500_ms);
  run.load(53_s, 80_s, 20, 10_ms);
  run.phase(80_s, "settle");
  run.recorder.finish(Time::at(90_s));
  for (const FaultRecord& fault : run.recorder.windows().log().faults()) {
    EXPECT_EQ(fault.recovered, 1U);
    EXPECT_EQ(fault.longest_recovering, 3_s);
    EXPECT_EQ(fault.open_ended(), 0U);
  }
}

// Between two faults there were seven seconds without a recovery: those are the first one's own.
TEST(RunRecorder, ChargesAFaultWithTheTimeUntilAnotherStruck) {
  RunDriver run;
  run.phase(0_s, "load");
  run.load(0_s, 30_s, 20, 10_ms);
  run.fault(30_s, true, 1);
  run.load(30_s, 32_s, 20, 300_ms);
  run.fault(32_s, false, 1);
  run.load(32_s, 39_s, 20, 300_ms);
  run.fault(39_s, true, 2);
  run.fault(40_s, false, 2);
  run.load(40_s, 60_s, 20, 10_ms);
  run.phase(60_s, "settle");
  run.recorder.finish(Time::at(70_s));
  const auto& faults = run.recorder.windows().log().faults();
  EXPECT_EQ(faults.at(0).longest_recovering, 7_s);
  EXPECT_EQ(faults.at(1).longest_recovering, 0_s);
}

// Clients are told "accepted" all the time, but no saga ends for 40 s, and the last delayed one
// 6 s after the fault.
TEST(RunRecorder, HasNotRecoveredBeforeSagasEndAsTheyDid) {
  RunDriver run;
  run.phase(0_s, "load");
  std::uint64_t next = 1;
  const auto play = [&](Duration from, Duration until, bool ends) {
    for (Duration at = from; at < until; at += 200_ms) {
      run.request(at + 20_ms, "subscribe", 10_ms);
      run.saga(at + 20_ms, next);
      if (ends) run.saga_ends(at + 120_ms, next, SagaStatus::kCompleted);
      ++next;
    }
  };
  play(0_s, 40_s, true);
  run.fault(40_s, true);
  const std::uint64_t first_late = next;
  play(40_s, 80_s, false);
  const std::uint64_t last_late = next;
  run.fault(80_s, false);
  std::uint64_t late = first_late;
  for (Duration at = 80_s; at < 120_s; at += 200_ms) {
    play(at, at + 200_ms, true);
    for (int i = 0; i < 7 && late < last_late; ++i)
      run.saga_ends(at + 150_ms, late++, SagaStatus::kCompleted);
  }
  run.phase(120_s, "settle");
  run.recorder.finish(Time::at(130_s));
  const FaultRecord& fault = run.recorder.windows().log().faults().at(0);
  ASSERT_EQ(fault.recovered, 1U);
  EXPECT_EQ(fault.worst_recovery, 6_s);
  const auto& during = run.recorder.windows().of_faults(Work::kSagas).at(0)[1].types.at(0);
  EXPECT_EQ(during.ok, 200U);
  EXPECT_EQ(during.ok_within, 0U);
  EXPECT_NEAR(during.latency.maximum().in_seconds(), 40.1, 0.2);
}

TEST(RunRecorder, HasNotRecoveredInAWindowWithoutAnEndedSaga) {
  RunDriver run;
  run.phase(0_s, "load");
  run.load(0_s, 30_s, 20, 10_ms);
  run.saga(5_s, 1);
  run.saga_ends(6_s, 1, SagaStatus::kCompleted);
  run.fault(30_s, true);
  run.fault(31_s, false);
  run.load(31_s, 60_s, 20, 10_ms);
  run.phase(60_s, "settle");
  run.recorder.finish(Time::at(70_s));
  EXPECT_EQ(run.recorder.windows().log().faults().at(0).recovered, 0U);
}

TEST(RunRecorder, CountsASagaThatNeverEndedAsNoSuccess) {
  RunDriver run;
  run.phase(0_s, "load");
  run.saga(1_s, 1);
  run.saga_ends(2_s, 1, SagaStatus::kCompleted);
  run.saga(3_s, 2);
  run.saga(4_s, 3);
  run.human(5_s, 3, "approve");
  run.recorder.finish(Time::at(60_s));
  const WorkTally& sagas = run.recorder.windows().of_all_faults(Work::kSagas)[0].types.at(0);
  EXPECT_EQ(sagas.ok, 1U);
  EXPECT_EQ(sagas.unknown, 1U) << "who waits for a person is no failure";
}

// A tenth of the work ends each second: none may fail or be slow each time.
TEST(RecoveryBand, SeesThatFewAreSlowEachTime) {
  WorkTally before;
  for (int i = 0; i < 100; ++i) before.record(RequestOutcome::kOk, 100_ms);
  RecoveryBand band;
  band.learn({&before, 1});
  EXPECT_TRUE(band.is_slow(0, 200_ms));
  const SecondOfWork one{.started = 1, .ended = 1, .slow = 1};
  EXPECT_EQ(band.judge(one, 0), SecondVerdict::kNormal);
  SecondOfWork several = one;
  several.add(one);
  EXPECT_TRUE(band.disturbs(several));
}

TEST(RunRecorder, TakesStrikesAtOnceAsOneEpisode) {
  RunDriver run;
  run.phase(0_s, "load");
  run.fault(1_s, true);
  run.fault(2_s, true);
  run.fault(3_s, false);
  run.fault(6_s, false);
  run.recorder.finish(Time::at(10_s));
  const FaultRecord& fault = run.recorder.windows().log().faults().at(0);
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

}  // namespace
}  // namespace soundcheck
