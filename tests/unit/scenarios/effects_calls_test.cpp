// Effects of HTTP tasks at their callees, of sub-workflows, behind a pivot; and what is not judged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/scenarios/effects_fixture.hpp"

namespace soundcheck::test {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

// A room is booked by a call; then the workflow fails. Three of them, 20 s apart.
std::string stay(const std::string& verb, const std::string& book, const std::string& undo,
                 const std::string& more) {
  return "duration: 60s\nworkflows:\n- name: stay\n  failureWorkflow: stay_undo\n  tasks:\n"
         "    - { name: book_room, taskReferenceName: room, type: HTTP, inputParameters: {\n"
         "        http_request: { uri: \"http://hotel/book\", method: " +
         verb +
         ", readTimeOut: 1000 } } }\n"
         "    - { name: give_up, taskReferenceName: give_up, type: TERMINATE, inputParameters: {\n"
         "        terminationStatus: FAILED } }\n"
         "- { name: stay_undo, tasks: [ { name: cancel_room, taskReferenceName: cancel, type: "
         "HTTP,\n"
         "    inputParameters: { http_request: { uri: \"http://hotel/" +
         undo +
         "\", method: DELETE } } } ] }\n"
         "services:\n  hotel: { replicas: 1, declared: { endpoints: {\n"
         "    book: " +
         book +
         ",\n    cancel: [ { compute: 1ms } ], look: [ { compute: 1ms }, { fail: { probability: "
         "100%, status: 404 } } ] } } }\n"
         "workload: [ { arrivals: every 20s, workflow: stay } ]\n" +
         more;
}
const std::string kMayFail = "expect: { may-fail: true }\n";

TEST(EffectsOfCalls, ACallThatIsUndoneByAnotherIsCompensated) {
  const RunReport report = report_of(stay("POST", "[ { compute: 1ms } ]", "cancel", kMayFail));
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompensated), 3U);
  EXPECT_EQ(effects_on(report, "room").effects, 3U);
}

// The caller gives up after a second, the callee is done after ten: after the undo.
TEST(EffectsOfCalls, ACallThatTimedOutIsDoneAtTheCallee) {
  const RunReport report = report_of(stay("POST", "[ { compute: 10s } ]", "cancel", kMayFail));
  EXPECT_EQ(report.sagas_in(SagaOutcome::kInconsistent), 3U);
  EXPECT_THAT(violated(report), IsSupersetOf({"E3", "E8"}));
  EXPECT_EQ(effects_on(report, "room").dropped, 3U);
  EXPECT_EQ(effects_on(report, "room").after_undo, 3U);
}

TEST(EffectsOfCalls, WhatWasWrittenBeforeAFailureIsDone) {
  const std::string book =
      "[ { write: { rows: 1 } }, { fail: { probability: 100%, status: 500 } } ]";
  const RunReport report = report_of(stay("POST", book, "cancel", kMayFail));
  EXPECT_EQ(effects_on(report, "room").effects, 3U);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompensated), 3U);
  const std::string fails =
      "[ { fail: { probability: 100%, status: 500 } }, { write: { rows: 1 } } ]";
  const RunReport clean = report_of(stay("POST", fails, "cancel", kMayFail));
  EXPECT_EQ(effects_on(clean, "room").effects, 0U);
  EXPECT_EQ(violated(clean), Ids{"E7"}) << "and yet it is undone";
}

TEST(EffectsOfCalls, WhatACalleeCommittedBeforeItDiedIsDone) {
  const RunReport report = report_of(
      stay("POST", "[ { write: { rows: 1 } }, { compute: 100ms } ]", "cancel",
           "faults:\n  - kind: process.crash\n    when: { saga: stay, phase: db.after-commit, "
           "service: hotel, occurrence: 1 }\n    target: { service: hotel }\n    restart: 10ms\n" +
               kMayFail));
  EXPECT_EQ(effects_on(report, "room").effects, 3U);
  EXPECT_EQ(effects_on(report, "room").dropped, 1U);
  EXPECT_NE(report.sagas_in(SagaOutcome::kFailedCleanly), 1U);
}

TEST(EffectsOfCalls, AnUndoThatIsRefusedUndoesNothing) {
  const RunReport report = report_of(stay("POST", "[ { compute: 1ms } ]", "look", kMayFail));
  EXPECT_EQ(report.sagas_in(SagaOutcome::kStuck), 3U) << "the compensation gave up";
  EXPECT_EQ(status_of(report, "no saga stuck"), CheckStatus::kFail);
}

// RFC 9110, 9.2.1: safe methods ask for no change.
TEST(EffectsOfCalls, AGetChangesNothing) {
  const RunReport report =
      report_of(stay("GET", "[ { compute: 1ms } ]", "cancel",
                     "sagas: { stay: { room: { role: none } } }\n" + kMayFail));
  EXPECT_EQ(report.sagas_in(SagaOutcome::kFailedCleanly), 3U);
}

// --- sub-workflows

const std::string kCancelSeat =
    "{ name: cancel_seat, taskReferenceName: cancel_seat, type: SIMPLE }";
const std::string kNoUndo =
    "{ name: note, taskReferenceName: note, type: SET_VARIABLE, inputParameters: { a: 1 } }";

std::string journey(const std::string& legs, const std::string& undo, const std::string& more) {
  return "duration: 30s\nworkflows:\n"
         "- { name: journey, failureWorkflow: journey_undo, tasks: [ " +
         legs +
         ", { name: give_up, taskReferenceName: give_up, type: TERMINATE, inputParameters: { "
         "terminationStatus: FAILED } } ] }\n"
         "- { name: leg, tasks: [ { name: book_seat, taskReferenceName: seat, type: SIMPLE } ] }\n"
         "- { name: journey_undo, tasks: [ " +
         undo + " ] }\nworkers: { seat: [ {} ]" +
         std::string(undo == kCancelSeat ? ", cancel_seat: [ {} ]" : "") +
         " }\n"
         "workload: [ { arrivals: every 20s, workflow: journey } ]\n" +
         more;
}
std::string leg(const std::string& reference) {
  return "{ name: leg, taskReferenceName: " + reference +
         ", type: SUB_WORKFLOW, subWorkflowParam: { name: leg } }";
}

TEST(EffectsOfSubWorkflows, TheFailureWorkflowOfTheParentUndoesThem) {
  const RunReport report = report_of(journey(leg("there"), kCancelSeat, kMayFail));
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompensated), 1U);
}

TEST(EffectsOfSubWorkflows, TwoInstancesAreTwoSteps) {
  const std::string both = leg("there") + ", " + leg("back");
  const RunReport report = report_of(journey(both, kCancelSeat, kMayFail));
  EXPECT_EQ(violated(report), Ids{}) << "no step is done twice, and one undo undoes both";
  EXPECT_EQ(effects_on(report, "seat").effects, 2U);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompensated), 1U);
}

TEST(EffectsOfSubWorkflows, WhatNobodyUndoesIsUnjudgedUntilSomebodyStatesIt) {
  const RunReport report = report_of(journey(leg("there"), kNoUndo, kMayFail));
  EXPECT_EQ(report.exit_code, ExitCode::kUnknown);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kUnjudged), 1U);
  EXPECT_EQ(status_of(report, "no saga unjudged"), CheckStatus::kUnknown);
  EXPECT_THAT(report.sentence, Not(HasSubstr("sound")));
  const RunReport stated = report_of(journey(
      leg("there"), kNoUndo, "sagas: { leg: { seat: { role: compensatable } } }\n" + kMayFail));
  EXPECT_EQ(stated.exit_code, ExitCode::kUnsound);
  EXPECT_EQ(stated.sagas_in(SagaOutcome::kNotUndone), 1U);
}

// --- the outcomes of a saga of which nothing is stated

std::string sale(const std::string& pay, const std::string& ship, const std::string& more) {
  return "duration: 30s\nworkflows:\n- { name: sale, failureWorkflow: sale_undo, tasks: [ "
         "{ name: pay, taskReferenceName: pay, type: SIMPLE }, "
         "{ name: ship, taskReferenceName: ship, type: SIMPLE } ] }\n"
         "- { name: sale_undo, tasks: [ { name: give_back, taskReferenceName: give_back, type: "
         "SIMPLE } ] }\n"
         "tasks: [ { name: pay, retryCount: 0 }, { name: ship, retryCount: 0 } ]\n"
         "workers: { pay: [ " +
         pay + " ], ship: [ " + ship +
         " ], give_back: [ {} ] }\nworkload: [ { arrivals: every 10s, workflow: sale } ]\n" + more;
}
const std::string kFails = "{ status: FAILED, reason: no }";

TEST(Unjudged, ACompletedSagaChangesNothing) {
  const RunReport report = report_of(sale("{}", "{}", ""));
  EXPECT_EQ(report.exit_code, ExitCode::kPass);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompleted), 3U);
  EXPECT_THAT(report.sentence, HasSubstr("3 sagas unjudged"));
  EXPECT_THAT(report.sentence, Not(HasSubstr("sound")));
}

TEST(Unjudged, OneThatFailedBeforeAnythingWasDoneFailedCleanly) {
  const RunReport report = report_of(sale(kFails, "{}", kMayFail));
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  EXPECT_EQ(report.sagas_in(SagaOutcome::kFailedCleanly), 3U);
}

TEST(Unjudged, OneThatFailedAfterAStepMakesTheRunUnknown) {
  const RunReport report = report_of(sale("{}", kFails, kMayFail));
  EXPECT_EQ(report.exit_code, ExitCode::kUnknown);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kUnjudged), 3U);
  const RunReport failed =
      report_of(sale("{}", kFails,
                     "expect: { may-fail: true, sagas: { stuck: 0 }, workflows: [ { "
                     "workflow: sale, completed: \">= 10%\" } ] }\n"));
  EXPECT_EQ(failed.exit_code, ExitCode::kObjectiveMissed) << "unless something failed";
}

// --- with a statement

TEST(Stated, APivotFollowedByAFailureIsInconsistent) {
  const RunReport report = report_of(
      sale("{}", kFails, "sagas: { sale: { pay: { role: pivot }, ship: { role: retriable } } }\n"));
  EXPECT_EQ(report.sagas_in(SagaOutcome::kInconsistent), 3U);
  EXPECT_EQ(violated(report), (Ids{"E4", "E11"}));
}

TEST(Stated, StepsAreNotUndoneBehindAStandingPivot) {
  const RunReport report = report_of(
      sale("{}", "{}", "sagas: { sale: { pay: { undo: give_back }, ship: { role: pivot } } }\n"));
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  EXPECT_THAT(report.sentence, HasSubstr("3 sagas sound"));
}

TEST(Stated, ByMetadataOfTheDefinition) {
  const RunReport report = report_of(
      "duration: 30s\nworkflows:\n- { name: sale, failureWorkflow: sale_undo, tasks: [ "
      "{ name: pay, taskReferenceName: pay, type: SIMPLE, metadata: { role: COMPENSATABLE, undo: "
      "give_back } }, { name: ship, taskReferenceName: ship, type: SIMPLE } ] }\n"
      "- { name: sale_undo, tasks: [ { name: give_back, taskReferenceName: give_back, type: SIMPLE "
      "} ] }\n"
      "tasks: [ { name: ship, retryCount: 0 } ]\n"
      "workers: { pay: [ {} ], ship: [ " +
      kFails + " ], give_back: [ {} ] }\nworkload: [ { arrivals: every 10s, workflow: sale } ]\n" +
      kMayFail);
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  EXPECT_EQ(report.sagas_in(SagaOutcome::kCompensated), 3U);
}

// A person has not decided yet: neither is the step before too much, nor the one behind missing.
TEST(Stated, AWorkflowThatWaitsForAPersonPasses) {
  const RunReport report = report_of(
      "duration: 30s\nworkflows:\n- { name: loan, failureWorkflow: loan_undo, tasks: [ "
      "{ name: reserve_money, taskReferenceName: reserve, type: SIMPLE }, "
      "{ name: approval, taskReferenceName: approval, type: HUMAN } ] }\n"
      "- { name: loan_undo, tasks: [ { name: release_money, taskReferenceName: release, type: "
      "SIMPLE } ] }\n"
      "workers: { reserve: [ {} ], release: [ {} ] }\n"
      "workload: [ { arrivals: every 10s, workflow: loan } ]\n");
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
  EXPECT_EQ(report.sagas_in(SagaOutcome::kNeedsHuman), 3U);
}

// Netflix/conductor#2758, conductor-oss/conductor#797: a JOIN waits for a task of a case that was
// not taken.
TEST(Stuck, AJoinThatWaitsForEverIsWhereItStopped) {
  const RunReport report = report_of(
      "duration: 60s\nworkflows:\n- name: dispatch\n  tasks:\n"
      "    - name: split\n      taskReferenceName: split\n      type: FORK_JOIN\n      forkTasks:\n"
      "        - - { name: print, taskReferenceName: invoice, type: SIMPLE }\n"
      "        - - { name: carrier, taskReferenceName: carrier, type: SWITCH, evaluatorType: "
      "value-param,\n"
      "              expression: how, inputParameters: { how: \"${workflow.input.how}\" },\n"
      "              decisionCases: { air: [ { name: fly, taskReferenceName: flight, type: SIMPLE "
      "} "
      "] },\n"
      "              defaultCase: [ { name: drive, taskReferenceName: truck, type: SIMPLE } ] }\n"
      "    - { name: both, taskReferenceName: both, type: JOIN, joinOn: [ invoice, flight ] }\n"
      "tasks: [ { name: print, responseTimeoutSeconds: 60 }, { name: drive, "
      "responseTimeoutSeconds: 60 }, { name: fly, responseTimeoutSeconds: 60 } ]\n"
      "workers: { invoice: [ {} ], truck: [ { time: 9s } ], flight: [ {} ] }\n"
      "workload: [ { arrivals: every 30s, workflow: dispatch, input: { how: road } } ]\n");
  EXPECT_EQ(report.sagas_in(SagaOutcome::kStuck), 2U);
  EXPECT_EQ(report.sagas_in(SagaOutcome::kInconsistent), 0U);
  EXPECT_EQ(status_of(report, "no saga stuck"), CheckStatus::kFail);
  EXPECT_EQ(report.worst_sagas.at(0).step, "both");
}

}  // namespace
}  // namespace soundcheck::test
