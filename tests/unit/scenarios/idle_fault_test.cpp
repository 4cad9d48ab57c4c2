// Faults that cannot strike: a warning where it can be seen before the run.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Checked<Scenario> scenario_of(const std::string& text) {
  const fs::path path = test::own_file();
  std::ofstream(path) << "soundcheck: 1\nfidelity: direct\n" << text;
  auto checked = load_scenario(path, {}, reference_catalogue());
  fs::remove(path);
  return checked;
}

// The warnings about a fault as "path: sentence"; a mistake that is none is said as such.
std::vector<std::string> doubts(const std::string& fault,
                                const std::string& rest = "duration: 1m\n") {
  const auto checked = scenario_of(rest + "faults: [ { " + fault + " } ]\n");
  std::vector<std::string> texts;
  for (const Mistake& one : checked.diagnostics.mistakes())
    texts.push_back((one.is_warning ? "" : "error ") + one.path + ": " + one.sentence);
  return texts;
}

TEST(IdleFault, LastsLongerThanTheRun) {
  const std::string pause = "kind: process.pause, target: { service: payments }, ";
  EXPECT_THAT(doubts(pause + "at: 20s, for: 40s"), IsEmpty());
  EXPECT_THAT(doubts(pause + "at: 20s, for: 41s"),
              ElementsAre("faults.0.for: it ends with the load, 40s after the earliest start"));
  const std::string crash = "kind: process.crash, target: { service: payments }, ";
  EXPECT_THAT(doubts(crash + "at: 59s"), IsEmpty()) << "the load may end before it is back";
  EXPECT_THAT(doubts(crash + "at: 1s, restart: 2m"), ElementsAre(HasSubstr("it would last 2m")));
}

TEST(IdleFault, ComesAfterTheLoad) {
  const std::string crash = "kind: process.crash, target: { service: payments }, ";
  EXPECT_THAT(doubts(crash + "every: 30s"), IsEmpty());
  EXPECT_THAT(doubts(crash + "every: 2m"),
              ElementsAre(HasSubstr("faults.0.every: it never strikes")));
  EXPECT_THAT(doubts(crash + "at: 1s, every: 2m"), ElementsAre(HasSubstr("both say when")));
}

TEST(IdleFault, WaitsForWorkThatDoesNotInvolveItsTarget) {
  const auto aimed = [](const char* service, const char* target) {
    return fmt::format(
        "kind: process.crash, when: {{ saga: subscribe, phase: in-commit, service: {} }}, target: "
        "{{ "
        "{} }}",
        service, target);
  };
  EXPECT_THAT(doubts(aimed("payments", "service: payments")), IsEmpty());
  EXPECT_THAT(doubts(aimed("payments", "service: auth, replica: one")), IsEmpty());
  EXPECT_THAT(doubts(aimed("payments", "database: payments")), IsEmpty());
  EXPECT_THAT(doubts(aimed("payments", "zone: zone-1")), IsEmpty());
  EXPECT_THAT(
      doubts(aimed("payments", "service: auth")),
      ElementsAre("faults.0.when.service: it never strikes: the work of payments involves no "
                  "replica of auth"));
  EXPECT_THAT(doubts(aimed("auth", "database: payments")),
              ElementsAre(HasSubstr("no database of")));
}

TEST(IdleFault, WaitsForAWorkflowThatNothingStarts) {
  const std::string workflows =
      "duration: 1m\narchitecture: own\n"
      "workers: { t: [ { time: 10ms } ] }\n"
      "workload: [ { arrivals: poisson(2/s), workflow: first } ]\n"
      "workflows:\n"
      "  - { name: first, version: 1, schemaVersion: 2, failureWorkflow: undo, tasks: [ { name: t, "
      "taskReferenceName: t, type: SIMPLE } ] }\n"
      "  - { name: undo, version: 1, schemaVersion: 2, tasks: [ { name: t, taskReferenceName: t, "
      "type: "
      "SIMPLE } ] }\n"
      "  - { name: other, version: 1, schemaVersion: 2, tasks: [ { name: t, taskReferenceName: t, "
      "type: "
      "SIMPLE } ] }\n";
  const auto at = [](const char* saga) {
    return fmt::format(
        "kind: process.crash, when: {{ saga: {} }}, target: {{ service: orchestrator }}", saga);
  };
  EXPECT_THAT(doubts(at("first"), workflows), IsEmpty());
  EXPECT_THAT(doubts(at("undo"), workflows), IsEmpty());
  EXPECT_THAT(doubts(at("other"), workflows), ElementsAre(HasSubstr("nothing starts 'other'")));
}

TEST(IdleFault, IsOnARouteWithoutMessages) {
  const auto cut = [](const char* from, const char* to) {
    return fmt::format("kind: network.partition, at: 1s, for: 1s, target: {{ from: {}, to: {} }}",
                       from, to);
  };
  EXPECT_THAT(doubts(cut("payments", "psp")), IsEmpty());
  EXPECT_THAT(doubts(cut("payments", "payments.database")), IsEmpty());
  EXPECT_THAT(doubts(cut("payments", "zone-1")), IsEmpty());
  EXPECT_THAT(doubts(cut("auth", "payments.database")),
              ElementsAre(HasSubstr("only payments talks")));
  EXPECT_THAT(doubts(cut("auth.database", "payments.database")), ElementsAre(HasSubstr("only")));
  EXPECT_THAT(doubts(cut("auth", "auth")), ElementsAre(HasSubstr("replicas of auth do not talk")));
  const std::string own =
      "duration: 1m\narchitecture: own\nworkload: [ { arrivals: poisson(1/s), mix: { a.get: 1 } } "
      "]\n"
      "services:\n  a: { declared: { endpoints: { get: [ { call: b.get } ] } } }\n"
      "  b: { declared: { endpoints: { get: [] } } }\n"
      "  c: { declared: { endpoints: { get: [] } } }\n";
  EXPECT_THAT(doubts(cut("b", "a"), own), IsEmpty()) << "replies travel that way";
  EXPECT_THAT(doubts(cut("clients", "a"), own), IsEmpty());
  EXPECT_THAT(doubts(cut("a", "c"), own), ElementsAre(HasSubstr("neither of the two calls")));
}

// An aim by the service whose commit it is, at the database that it comes to, used to strike never.
TEST(IdleFault, IsNotTheAimAtADatabaseByItsService) {
  const auto scenario = scenario_of(
      "duration: 20s\npopulation: { users: 2000 }\n"
      "workload: [ { arrivals: poisson(10/s), mix: { subscribe: 1 } } ]\n"
      "faults: [ { when: { saga: subscribe, phase: in-commit, service: payments, occurrence: 3 }, "
      "for: "
      "2s, kind: host.down, target: { database: payments } } ]\n");
  ASSERT_TRUE(scenario) << scenario.diagnostics.text();
  class Run run(*scenario, {.seed = 1});
  run.execute();
  EXPECT_EQ(run.report().faults.at(0).record.strikes, 1U);
  EXPECT_EQ(run.report().faults.at(0).record.effective, 1U);
}

// What cannot be seen before is named afterwards.
TEST(IdleFault, IsNamedInTheVerdict) {
  const auto scenario = scenario_of(
      "duration: 10s\nworkload: [ { arrivals: poisson(5/s), mix: { my-subscription: 1 } } ]\n"
      "faults: [ { at: 2s, for: 2s, kind: network.partition, target: { from: auth, to: psp } } "
      "]\n");
  ASSERT_TRUE(scenario) << scenario.diagnostics.text();
  EXPECT_EQ(scenario.diagnostics.size(), 0U);
  class Run run(*scenario, {.seed = 1});
  run.execute();
  EXPECT_EQ(run.report().exit_code, ExitCode::kUnknown);
  EXPECT_THAT(run.report().sentence, HasSubstr("F1 (network.partition auth -> psp) has an effect"));
}

}  // namespace
}  // namespace soundcheck
