// What workers have done decides how a saga of a user's workflow ended, whatever its orchestrator
// believes. Each case from a public report has its siblings beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/scenarios/effects_fixture.hpp"

namespace soundcheck::test {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

std::string simple(const std::string& name, const std::string& reference) {
  return "{ name: " + name + ", taskReferenceName: " + reference + ", type: SIMPLE }";
}
std::string simple(const std::string& name) {
  return simple(name, name);
}
// Tasks of which none is run.
std::string never(const std::string& tasks) {
  return "{ name: which, taskReferenceName: which, type: SWITCH, evaluatorType: value-param, "
         "expression: name, inputParameters: { name: somebody }, decisionCases: { nobody: [ " +
         tasks + " ] } }";
}

// A car and a hotel are booked, and the money is not taken: three trips, 20 s apart.
struct Trip {
  std::string car = "[ {} ]";
  std::string hotel = "[ {} ]";
  std::string money = "[ { status: FAILED, reason: declined } ]";
  std::string cancel_car = "[ {} ]";
  std::string undo = simple("cancel_hotel") + ", " + simple("cancel_car");
  std::string hotel_retries = "0";
  std::string more;

  RunReport run() const {
    return report_of(
        "duration: 60s\nworkflows:\n- { name: trip, failureWorkflow: trip_undo, tasks: [ " +
        simple("book_car", "car") + ", " + simple("book_hotel", "hotel") + ", " +
        simple("take_money", "money") + " ] }\n- { name: trip_undo, tasks: [ " + undo +
        " ] }\ntasks:\n"
        "  - { name: book_car, retryCount: 1, retryDelaySeconds: 1, responseTimeoutSeconds: 5 }\n"
        "  - { name: book_hotel, retryCount: " +
        hotel_retries +
        ", retryDelaySeconds: 1, responseTimeoutSeconds: 5 }\n"
        "  - { name: take_money, retryCount: 0, responseTimeoutSeconds: 60 }\n"
        "  - { name: cancel_car, retryCount: 1, retryDelaySeconds: 1, responseTimeoutSeconds: 5 }\n"
        "services: { workers: { workers: 200 } }\n"
        "workload: [ { arrivals: every 20s, workflow: trip } ]\n"
        "workers: { car: " +
        car + ", hotel: " + hotel + ", money: " + money +
        ", cancel_hotel: [ {} ], cancel_car: " + cancel_car + " }\n" + more);
  }
};

std::string guarded(const std::string& guard) {
  return "sagas:\n  trip:\n    car: { undo: cancel_car, guard: " + guard +
         " }\n    hotel: { undo: cancel_hotel, guard: " + guard +
         " }\nexpect: { may-fail: true }\n";
}

TEST(Effects, WhatIsUndoneInReverseOrderIsCompensated) {
  const RunReport report = Trip{.more = "expect: { may-fail: true }\n"}.run();
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompensated), 3U);
  EXPECT_THAT(report.sentence, HasSubstr("3 sagas sound"));
  EXPECT_EQ(effects_on(report, "hotel").effects, 3U);
  EXPECT_EQ(effects_on(report, "money").effects, 0U) << "what failed was not done";
}

// --- apache/servicecomb-pack#346, apache/incubator-seata#7840: a slow step ends after its undo

TEST(Effects, WorkThatEndsAfterItsUndoIsLeftBehind) {
  const RunReport report = Trip{.hotel = "[ { time: 30s } ]"}.run();
  EXPECT_EQ(report.exit_code, ExitCode::kUnsound);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kInconsistent), 3U);
  EXPECT_THAT(violated(report), IsSupersetOf({"E3", "E8"}));
  const EffectReport hotel = effects_on(report, "hotel");
  EXPECT_EQ(hotel.effects, 3U);
  EXPECT_EQ(hotel.dropped, 3U);
  EXPECT_EQ(hotel.after_undo, 3U);
  EXPECT_EQ(effects_on(report, "car").dropped, 0U);
}

// The run waits for workers for whom nobody else waits.
TEST(Effects, WorkIsSeenHoweverLateItEnds) {
  const RunReport report = Trip{.hotel = "[ { time: 250s } ]", .more = "settle: 10m\n"}.run();
  EXPECT_EQ(report.sagas_in(SagaOutcome::kInconsistent), 3U);
  EXPECT_EQ(effects_on(report, "hotel").after_undo, 3U);
}

TEST(Effects, AnIdempotencyKeyDoesNotRefuseLateWork) {
  const RunReport report = Trip{.hotel = "[ { time: 30s } ]", .more = guarded("idempotent")}.run();
  EXPECT_EQ(violated(report), (Ids{"E3", "E8"}));
  EXPECT_EQ(report.sagas_in(SagaOutcome::kInconsistent), 3U);
}

TEST(Effects, AFenceRefusesLateWork) {
  const RunReport report = Trip{.hotel = "[ { time: 30s } ]", .more = guarded("fence")}.run();
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompensated), 3U);
  EXPECT_EQ(effects_on(report, "hotel").effects, 0U);
}

TEST(Effects, TheUndoOfWhatWasNeverDoneIsAViolation) {
  const Trip trip{.hotel = "[ { status: FAILED, reason: full } ]"};
  const RunReport report = trip.run();
  EXPECT_EQ(violated(report), Ids{"E7"});
  EXPECT_EQ(report.sagas_in(SagaOutcome::kInconsistent), 3U);
  const RunReport careful = Trip{.hotel = trip.hotel, .more = guarded("idempotent")}.run();
  EXPECT_EQ(careful.exit_code, ExitCode::kPass) << careful.sentence;
  EXPECT_EQ(careful.sagas_in(SagaOutcome::kCompensated), 3U);
}

// --- Netflix/conductor#2969: the failure workflow completes and undoes nothing

TEST(Effects, AFailureWorkflowThatUndoesNothingLeavesSagasNotUndone) {
  const RunReport report = Trip{.undo = never(Trip().undo)}.run();
  EXPECT_EQ(report.exit_code, ExitCode::kUnsound);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kNotUndone), 3U);
  EXPECT_EQ(violated(report), Ids{"E3"});
  EXPECT_EQ(status_of(report, "no saga not-undone"), CheckStatus::kFail);
  EXPECT_THAT(report.sentence, HasSubstr("3 sagas not undone"));
}

TEST(Effects, OneThatUndoesHalfLeavesSagasInconsistent) {
  const RunReport report =
      Trip{.undo = simple("cancel_car") + ", " + never(simple("cancel_hotel"))}.run();
  EXPECT_EQ(report.sagas_in(SagaOutcome::kInconsistent), 3U);
  EXPECT_EQ(violated(report), Ids{"E3"});
}

TEST(Effects, OneThatBeginsWithTheFirstStepUndoesInTheWrongOrder) {
  const RunReport report = Trip{.undo = simple("cancel_car") + ", " + simple("cancel_hotel")}.run();
  EXPECT_EQ(violated(report), Ids{"E9"});
}

// --- forks and loops

std::string failing(const std::string& tasks, const std::string& undo, const std::string& workers) {
  return "duration: 30s\nworkflows:\n- { name: trip, failureWorkflow: trip_undo, tasks: [ " +
         tasks + ", " + simple("pay") + " ] }\n- { name: trip_undo, tasks: [ " + undo +
         " ] }\ntasks: [ { name: pay, retryCount: 0 } ]\nworkload: [ { arrivals: every 10s, "
         "workflow: trip } ]\nexpect: { may-fail: true }\nworkers: { pay: [ { status: FAILED } "
         "], " +
         workers + " }\n";
}

TEST(Effects, WhatWasDoneAtTheSameTimeIsUndoneInAnyOrder) {
  const std::string fork =
      "{ name: f, taskReferenceName: f, type: FORK_JOIN, forkTasks: [ [ " +
      simple("book_car", "car") + " ], [ " + simple("book_hotel", "hotel") +
      " ] ] }, { name: j, taskReferenceName: j, type: JOIN, joinOn: [ car, hotel ] }";
  const std::string workers =
      "car: [ {} ], hotel: [ { time: 200ms } ], cancel_car: [ {} ], cancel_hotel: [ {} ]";
  for (const std::string& undo : {simple("cancel_car") + ", " + simple("cancel_hotel"),
                                  simple("cancel_hotel") + ", " + simple("cancel_car")}) {
    const RunReport report = report_of(failing(fork, undo, workers));
    EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
    EXPECT_EQ(report.sagas_in(SagaOutcome::kCompensated), 3U);
  }
}

TEST(Effects, EachIterationIsAStepOfItsOwn) {
  const std::string loop =
      "{ name: seats, taskReferenceName: seats, type: DO_WHILE, loopCondition: "
      "\"$.seats['iteration'] "
      "< 3\", loopOver: [ " +
      simple("book_seat", "seat") + " ] }";
  const RunReport report =
      report_of(failing(loop, simple("cancel_seat"), "seat: [ {} ], cancel_seat: [ {} ]"));
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  EXPECT_EQ(effects_on(report, "seat").effects, 9U);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompensated), 3U)
      << "one undo gives back all three seats";
}

// --- at least once: Conductor hands a task out again whose answer it did not get in time

TEST(Effects, AStepThatIsDoneAgainTakesEffectTwice) {
  const RunReport report = Trip{.car = "[ { time: 8s }, {} ]"}.run();
  EXPECT_THAT(violated(report), IsSupersetOf({"E6"}));
  EXPECT_EQ(effects_on(report, "car").effects, 6U);
  EXPECT_EQ(effects_on(report, "car").dropped, 3U);
  const RunReport careful =
      Trip{.car = "[ { time: 8s }, {} ]", .more = guarded("idempotent")}.run();
  EXPECT_THAT(violated(careful), Not(testing::Contains("E6")));
}

TEST(Effects, AnUndoThatRunsTwiceIsAViolation) {
  const RunReport report = Trip{.cancel_car = "[ { time: 8s }, {} ]"}.run();
  EXPECT_EQ(violated(report), Ids{"E6"});
  EXPECT_EQ(effects_on(report, "cancel_car").dropped, 3U);
}

TEST(Effects, AWorkerThatDiesBeforeItAnswersHasDoneItsWork) {
  const std::string dies =
      "faults:\n  - kind: process.crash\n    when: { saga: trip, step: hotel, phase: "
      "rpc.reply-ready, "
      "occurrence: 1 }\n    target: { service: workers, replica: involved }\n    restart: 1s\n";
  const RunReport report = Trip{.more = dies}.run();
  EXPECT_EQ(effects_on(report, "hotel").lost, 1U);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompensated), 3U) << "cancelled though nobody knew";
  const RunReport again = Trip{.hotel_retries = "1", .more = dies}.run();
  EXPECT_EQ(violated(again), Ids{"E6"}) << "the second attempt books a second room";
  EXPECT_EQ(effects_on(again, "hotel").effects, 4U);
}

// --- what is not stated is not judged

TEST(Effects, AStepOfWhichNothingIsStatedLeavesAFailedSagaUnjudged) {
  const RunReport report = Trip{.money = "[ {} ]", .more = "expect: { may-fail: true }\n"}.run();
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompleted), 3U);
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << "what completed needs no undo";
}

}  // namespace
}  // namespace soundcheck::test
