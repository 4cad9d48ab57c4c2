#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

namespace fs = std::filesystem;

// Half a minute of subscriptions with one fault.
RunReport run_with(const std::string& fault) {
  const fs::path path = test::own_file();
  std::ofstream(path) << "soundcheck: 1\nfidelity: direct\nduration: 10s\n"
                         "workload: [ { arrivals: poisson(2/s), mix: { subscribe: 1 } } ]\n"
                         "faults: [ { " +
                             fault + " } ]\n";
  const auto scenario = load_scenario(path, {}, reference_catalogue());
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  Run run(*scenario, {});
  run.execute();
  return run.report();
}

std::string crash_at(const std::string& step, const std::string& failpoint) {
  return "kind: process.crash, target: { service: subscriptions, replica: involved }, restart: 1s, "
         "when: { saga: subscribe, step: " +
         step + ", phase: " + failpoint + ", occurrences: 1 }";
}

std::uint64_t crashes_of(const RunReport& report, const std::string& service) {
  for (const ServiceReport& one : report.services) {
    if (one.service == service) return one.crashes;
  }
  return 0;
}

// The service that polls for the step dies at every point of its work: the saga outlives it.
TEST(PolledTask, ItsWorkerCanBeStruckAtEveryFailpoint) {
  const std::pair<const char*, const char*> points[] = {
      {"charge_payment", "before"},           {"charge_payment", "rpc.handler-start"},
      {"charge_payment", "rpc.request-sent"}, {"charge_payment", "rpc.reply-arrived"},
      {"charge_payment", "rpc.reply-ready"},  {"charge_payment", "before-reply"},
      {"reserve_subscription", "db.begin"},   {"reserve_subscription", "before-commit"},
      {"reserve_subscription", "in-commit"},  {"reserve_subscription", "after-commit"},
  };
  for (const auto& [step, failpoint] : points) {
    const RunReport report = run_with(crash_at(step, failpoint));
    EXPECT_EQ(report.faults.at(0).record.strikes, 1U) << failpoint;
    EXPECT_EQ(crashes_of(report, "subscriptions"), 1U) << failpoint;
    EXPECT_EQ(report.exit_code, ExitCode::kPass) << failpoint << ": " << report.sentence;
  }
}

TEST(PolledTask, AnErrorInPlaceOfItsResultIsAFailedAttempt) {
  for (const char* phase : {"before", "before-reply"}) {
    const std::string aim = std::string("when: { saga: subscribe, step: charge_payment, phase: ") +
                            phase + ", attempt: 1, occurrences: 3 }";
    const RunReport report =
        run_with("kind: rpc.error, status: 500, target: { service: subscriptions }, " + aim);
    EXPECT_EQ(report.faults.at(0).record.strikes, 3U) << phase;
    EXPECT_EQ(report.workflows.at(0).retries, 3U) << phase;
    EXPECT_EQ(report.exit_code, ExitCode::kPass) << phase << ": " << report.sentence;
  }
}

// A proxy in front of the service sees the requests to it; tasks that it polls for come to no door.
TEST(PolledTask, IsNoRequestThatAProxyCouldAnswer) {
  const RunReport report = run_with(
      "at: 0s, kind: rpc.error, replaces: reply, status: 500, may-miss: true, "
      "target: { service: subscriptions }");
  EXPECT_EQ(report.faults.at(0).record.effective, 0U);
  EXPECT_EQ(report.workflows.at(0).retries, 0U);
  EXPECT_EQ(report.exit_code, ExitCode::kPass) << report.sentence;
}

}  // namespace
}  // namespace soundcheck
