// One status means the same whoever answers it: a declared service, or a proxy in front of it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {
namespace {

RunReport run_of(const std::string& text) {
  const std::filesystem::path path = test::own_file();
  std::ofstream(path) << "soundcheck: 1\narchitecture: own\nfidelity: direct\nduration: 5500ms\n"
                      << text;
  const auto scenario = load_scenario(path, {}, reference_catalogue());
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  Run run(*scenario, {});
  run.execute();
  return run.report();
}

enum class Who { kService, kProxy };

// `stock` answers every request with the status; `edge` would ask three times in all.
RunReport run_with(Who who, int status) {
  const std::string steps =
      who == Who::kService ? fmt::format("{{ fail: {{ probability: 100%, status: {} }} }}", status)
                           : "{ compute: 1us }";
  std::string text = fmt::format(
      "services:\n"
      "  edge: {{ calls: {{ stock: {{ retry: {{ attempts: 3, backoff: constant(1ms) }} }} }},\n"
      "           declared: {{ endpoints: {{ page: [ {{ call: stock.get }} ] }} }} }}\n"
      "  stock: {{ declared: {{ endpoints: {{ get: [ {} ] }} }} }}\n"
      "workload: [ {{ arrivals: every 1s, mix: {{ edge.page: 1 }} }} ]\n",
      steps);
  if (who == Who::kProxy) {
    text += fmt::format(
        "faults: [ {{ at: 0s, kind: rpc.error, status: {}, target: {{ service: stock }} }} ]\n",
        status);
  }
  return run_of(text);
}

const CallReport& call_of(const RunReport& report, const std::string& caller) {
  return *std::ranges::find(report.calls, caller, &CallReport::caller);
}

TEST(HttpStatus, IsTheSameErrorFromAServiceAndFromAProxy) {
  for (const int status : {400, 401, 404, 405, 408, 409, 410, 413, 422, 429, 500, 502, 503, 504}) {
    const RunReport service = run_with(Who::kService, status);
    const RunReport proxy = run_with(Who::kProxy, status);
    const CallReport& answered = call_of(service, "edge");
    EXPECT_EQ(answered.errors, call_of(proxy, "edge").errors) << status;
    EXPECT_EQ(answered.retries, call_of(proxy, "edge").retries) << status;
    EXPECT_EQ(answered.failed, answered.calls) << status;
    const bool again = status >= 500 || status == 408 || status == 429;
    EXPECT_EQ(answered.retries, again ? 2 * answered.calls : 0) << status;
    // A client error proves to those above, too, that nothing was done.
    const WorkSummary& seen = service.requests.at(0).overall;
    EXPECT_EQ(status < 500 ? seen.failed : seen.unknown, seen.ended()) << status;
  }
}

// Conductor's HTTP task tells the status of the answer as it came, in the text of an exception.
TEST(HttpStatus, ReachesTheHttpTaskOfAWorkflow) {
  for (const Who who : {Who::kService, Who::kProxy}) {
    for (const int status : {405, 408, 410, 413, 422, 429, 500, 504}) {
      std::string text = fmt::format(
          "services:\n"
          "  stock: {{ declared: {{ endpoints: {{ get: [ {} ] }} }} }}\n"
          "workflows:\n"
          "  - name: ask\n    version: 1\n    schemaVersion: 2\n    tasks:\n"
          "      - {{ name: call, taskReferenceName: call, type: HTTP, optional: true,\n"
          "          inputParameters: {{ http_request: {{ uri: 'http://stock/get', method: GET }} "
          "}} "
          "}}\n"
          "      - {{ name: told, taskReferenceName: told, type: SWITCH, evaluatorType: "
          "javascript, expression: \"$.answer.split(' ')[1]\",\n"
          "          inputParameters: {{ answer: '${{call.output.response}}' }},\n"
          "          decisionCases: {{ '{}': [] }},\n"
          "          defaultCase: [ {{ name: stop, taskReferenceName: stop, type: TERMINATE,\n"
          "              inputParameters: {{ terminationStatus: FAILED }} }} ] }}\n"
          "workload: [ {{ arrivals: every 4s, workflow: ask }} ]\n",
          who == Who::kService
              ? fmt::format("{{ fail: {{ probability: 100%, status: {} }} }}", status)
              : "{ compute: 1us }",
          status);
      if (who == Who::kProxy) {
        text += fmt::format(
            "faults: [ {{ at: 0s, kind: rpc.error, status: {}, target: {{ service: stock }} }} ]\n",
            status);
      }
      const RunReport report = run_of(text);
      const ExecutionReport& asked = report.executions.at(0);
      EXPECT_GE(asked.started, 1U);
      EXPECT_EQ(asked.completed, asked.started) << status;
    }
  }
}

}  // namespace
}  // namespace soundcheck
