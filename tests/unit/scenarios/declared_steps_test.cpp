// Steps of declared services that a mock service graph is written with: waiting, sizes, sequences
// and repeats. The situation: istio/tools, isotope/README.md (sleep, call with a size, lists of
// concurrent steps, responseSize).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

Scenario scenario_of_steps(const std::string& text) {
  const std::filesystem::path path = test::own_file();
  std::ofstream(path) << "soundcheck: 1\narchitecture: own\nfidelity: direct\n" << text;
  const auto scenario = load_scenario(path, {}, reference_catalogue());
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  return *scenario;
}

RunReport report_of_steps(const std::string& text) {
  Run run(scenario_of_steps(text), {});
  run.execute();
  return run.report();
}

// Mean of ten requests, one at a time, to an endpoint of these steps. `other.get` takes 10 ms.
Duration time_of_steps(const std::string& steps, const std::string& more = {}) {
  const RunReport report = report_of_steps(
      fmt::format("duration: 10500ms\n"
                  "services:\n"
                  "  front: {{ replicas: 1, declared: {{ endpoints: {{ get: [ {} ] }} }} }}\n"
                  "  other: {{ replicas: 1, declared: {{ endpoints: {{ get: [ {{ sleep: 10ms }} ] "
                  "}} }}{} }}\n"
                  "workload: [ {{ arrivals: every 1s, mix: {{ front.get: 1 }} }} ]\n",
                  steps, more));
  EXPECT_EQ(report.requests.at(0).overall.ok, 10U);
  return report.requests.at(0).overall.mean;
}

void expect_more(const std::string& steps, const std::string& than, double seconds) {
  EXPECT_NEAR((time_of_steps(steps) - time_of_steps(than)).in_seconds(), seconds, 1e-6) << steps;
}

TEST(DeclaredSteps, ASleepTakesItsTime) {
  expect_more("{ sleep: 30ms }", "", 0.030);
  expect_more("{ sleep: 30ms }, { compute: 5ms }, { sleep: 7ms }", "", 0.042);
}

TEST(DeclaredSteps, ARepeatDoesItAsOftenAndInOrder) {
  expect_more("{ repeat: { times: 5, steps: [ { sleep: 3ms }, { compute: 1ms } ] } }", "", 0.020);
  expect_more(
      "{ repeat: { times: 2, steps: [ { repeat: { times: 3, steps: [ { sleep: 1ms } ] } } ] } }",
      "", 0.006);
}

// The longest branch decides; a sequence is one branch.
TEST(DeclaredSteps, ASequenceIsOneBranch) {
  expect_more("{ parallel: [ { sequence: [ { sleep: 3ms }, { sleep: 4ms } ] }, { sleep: 5ms } ] }",
              "", 0.007);
  expect_more("{ sequence: [ { sleep: 3ms }, { parallel: [ { sleep: 4ms }, { sleep: 2ms } ] } ] }",
              "", 0.007);
}

// What fails ends its list, wherever it stands.
TEST(DeclaredSteps, AFailureEndsRepeatsAndSequences) {
  const RunReport report = report_of_steps(
      "duration: 10500ms\nexpect: { may-fail: true }\n"
      "services:\n"
      "  front: { replicas: 1, declared: { endpoints: { get: [ { repeat: { times: 3, steps: [\n"
      "    { sequence: [ { call: other.get }, { fail: { probability: 100%, status: 503 } } ] } ] } "
      "} ] "
      "} } }\n"
      "  other: { replicas: 1, declared: { endpoints: { get: [ { sleep: 10ms } ] } } }\n"
      "workload: [ { arrivals: every 1s, mix: { front.get: 1 } } ]\n");
  EXPECT_EQ(report.requests.at(0).overall.ok, 0U);
  for (const ServiceReport& service : report.services) {
    if (service.service == "other") EXPECT_EQ(service.handled, 10U) << "once for each request";
  }
}

// 1 MB takes 0.8 ms at 10 Gbit/s, on each of two links at once.
TEST(DeclaredSteps, ACallHasTheSizeThatItSays) {
  const Duration small = time_of_steps("{ call: { to: other.get, request: 1kB } }");
  const Duration large = time_of_steps("{ call: { to: other.get, request: 1001kB } }");
  EXPECT_NEAR((large - small).in_seconds(), 0.0008, 1e-6);
  EXPECT_EQ(time_of_steps("{ call: { to: other.get, request: 300B } }"),
            time_of_steps("{ call: other.get }"))
      << "a call that says nothing is headers";
}

TEST(DeclaredSteps, SizesThatAreSaidTwiceAreAMistake) {
  EXPECT_THROW(time_of_steps("{ call: { to: other.get, request: 1kB } }",
                             ", endpoints: { get: { request: 2kB } }"),
               std::runtime_error);
}

// a, twice for each request: a itself and by c, 100 ms each and at once, then 10 ms of d, then b.
// 100 requests a second would take 20 cores if that were work. Between two hosts of a zone it takes
// 100 us, from a client to d 25.25 ms: 110 ms and ways of at most 52 ms.
TEST(DeclaredSteps, AMockServiceGraphWaitsWithoutProcessors) {
  const RunReport report = report_of_steps(R"(
duration: 61s
services:
  a: { replicas: 1, workers: 1000, declared: { endpoints: { get: [ { sleep: 100ms } ] } } }
  b: { replicas: 1, workers: 1000, declared: { endpoints: { get: [ ] } } }
  c:
    replicas: 1
    workers: 1000
    declared: { endpoints: { get: [ { call: a.get }, { call: b.get } ] } }
  d:
    replicas: 1
    workers: 1000
    declared:
      endpoints:
        get:
          - { parallel: [ { call: a.get }, { call: c.get } ] }
          - { sleep: 10ms }
          - { call: b.get }
workload:
  - { arrivals: poisson(100/s), mix: { d.get: 1 } }
expect:
  slo: [ { request: d.get, success: ">= 99.9%", p50: "< 200ms" } ]
)");
  EXPECT_EQ(report.exit_code, ExitCode::kPass);
  const auto& all = report.requests.at(0).overall;
  EXPECT_EQ(all.failed + all.unknown, 0U);
  EXPECT_NEAR(all.mean.in_seconds(), 0.162, 0.002);
}

}  // namespace
}  // namespace soundcheck
