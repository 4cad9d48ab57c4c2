// A database that acknowledges commits before they are durable loses them in a crash. That is
// damage of the simulated world, to be judged by the invariants: no run of it ends with exit code
// 70, whichever database forgets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/program.hpp"

namespace soundcheck::test {
namespace {

const std::vector<std::string> kServices{"auth",     "gateway",       "logging", "orchestrator",
                                         "payments", "subscriptions", "users"};

// Up to three seconds of commits are lost each time.
std::string forgetful(const std::string& kernel, const std::vector<std::string>& services) {
  std::string text =
      "soundcheck: 1\nduration: 12s\npopulation: { users: 500 }\nfidelity: " + kernel +
      "\nexpect: { may-fail: true }\nservices:\n";
  for (const std::string& service : services)
    text += "  " + service + ": { database: { fsync: never, commit: 3s } }\n";
  text += "workload: [ { arrivals: poisson(5/s), mix: { subscribe: 1 } } ]\nfaults:\n";
  for (const std::string& service : services) {
    text +=
        "  - { every: exponential(4s), for: 1s, kind: host.down, may-miss: true, target: "
        "{ database: " +
        service + " } }\n";
  }
  return text;
}

void expect_verdicts(const Workplace& workplace, const std::string& seeds) {
  const ProgramRun run = workplace.run({"run", "lost.yaml", "--seeds", seeds, "--json"});
  EXPECT_LE(run.exit_code, 3) << run.output << run.errors;
  EXPECT_EQ(run.errors, "");
  for (const Json& one : run.json()) EXPECT_LE(one["exit_code"], 3) << one;
}

struct LostWrites : testing::TestWithParam<std::string> {
  Workplace workplace;
};

TEST_P(LostWrites, OfOneDatabaseAreAVerdict) {
  workplace.write("lost.yaml", forgetful("direct", {GetParam()}));
  expect_verdicts(workplace, "1..2");
}

INSTANTIATE_TEST_SUITE_P(Each, LostWrites, testing::ValuesIn(kServices),
                         [](const auto& service) { return service.param; });

TEST(LostWritesOfAll, AreAVerdictInBothKernels) {
  for (const char* kernel : {"direct", "flow"}) {
    Workplace workplace;
    workplace.write("lost.yaml", forgetful(kernel, kServices));
    expect_verdicts(workplace, "1..2");
  }
}

// As somebody met it: the bank is paid when the books forget the payment (seeds 3 and 9 ended with
// "a payment has vanished").
TEST(LostWritesOfPayments, AreFoundByTheInvariants) {
  Workplace workplace;
  workplace.write("lost.yaml", R"(soundcheck: 1
fidelity: direct
duration: 40s
population: { users: 500 }
services:
  payments: { database: { fsync: never } }
workload:
  - { arrivals: poisson(10/s), mix: { subscribe: 1 } }
faults:
  - when: { saga: subscribe, step: charge_payment, phase: after-commit, occurrences: 3 }
    for: 5s
    kind: host.down
    target: { database: payments }
)");
  for (const char* seed : {"3", "9"}) {
    const ProgramRun run = workplace.run({"run", "lost.yaml", "--seed", seed, "--quiet"});
    EXPECT_LE(run.exit_code, 1) << run.errors;
  }
  EXPECT_THAT(workplace.run({"run", "lost.yaml", "--seed", "9", "--quiet"}).output,
              testing::HasSubstr("invariant P8 violated"));
}

}  // namespace
}  // namespace soundcheck::test
