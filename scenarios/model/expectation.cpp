#include "scenarios/model/expectation.hpp"

namespace soundcheck {

const ParameterTable<SagaExpectation>& SagaExpectation::parameters() {
  constexpr auto kLimit = between(0, 1'000'000'000);
  static const auto table =
      ParameterTable<SagaExpectation>("sagas", "How many sagas may end each way, at most.")
          .optional("stuck", &SagaExpectation::stuck, "still open at the end of the settle phase",
                    kLimit)
          .optional("inconsistent", &SagaExpectation::inconsistent, "neither done nor undone",
                    kLimit)
          .optional("needs-human", &SagaExpectation::needs_human,
                    "waiting for a person; left out: any number", kLimit)
          .optional("failed", &SagaExpectation::failed,
                    "failed before anything was done; left out: any number", kLimit)
          .optional("compensated", &SagaExpectation::compensated,
                    "undone as a whole; left out: any number", kLimit)
          .optional("not-undone", &SagaExpectation::not_undone,
                    "failed after something was done, without a compensation; left out: any number",
                    kLimit);
  return table;
}

const ParameterTable<WorkflowExpectation>& WorkflowExpectation::parameters() {
  static const auto table =
      ParameterTable<WorkflowExpectation>("workflow expectation",
                                          "How executions of a workflow must end.")
          .required("workflow", &WorkflowExpectation::workflow, "name of the workflow")
          .optional("completed", &WorkflowExpectation::completed,
                    "share of the started ones that end as COMPLETED")
          .optional("longest", &WorkflowExpectation::longest,
                    "duration of the slowest one, however it ended")
          .optional("during", &WorkflowExpectation::during,
                    "the part of the run that counts, for all but longest")
          .optional("mean", &WorkflowExpectation::mean, "mean duration of the completed ones")
          .optional("p50", &WorkflowExpectation::p50, "median duration of the completed ones")
          .optional("p90", &WorkflowExpectation::p90, "duration that 90% of them stay below")
          .optional("p95", &WorkflowExpectation::p95, "duration that 95% of them stay below")
          .optional("p99", &WorkflowExpectation::p99, "duration that 99% of them stay below")
          .optional("max", &WorkflowExpectation::max, "duration of the slowest completed one")
          .optional("goodput", &WorkflowExpectation::goodput, "executions that complete");
  return table;
}

const ParameterTable<TaskExpectation>& TaskExpectation::parameters() {
  static const auto table =
      ParameterTable<TaskExpectation>("task expectation",
                                      "How often scripted workers must do the work of a task.")
          .required("task", &TaskExpectation::task, "reference of the task")
          .optional("repeated", &TaskExpectation::repeated,
                    "executions whose work another one had done before, at most",
                    between(0, 1'000'000'000))
          .optional("overlapping", &TaskExpectation::overlapping,
                    "executions that began while another worker was at the same task, at most",
                    between(0, 1'000'000'000))
          .optional("retry-peak", &TaskExpectation::retry_peak,
                    "further attempts in the busiest second");
  return table;
}

const ParameterTable<SloExpectation>& SloExpectation::parameters() {
  static const auto table =
      ParameterTable<SloExpectation>("slo", "How well requests must be served.")
          .optional("request", &SloExpectation::request, "a request type; left out: all together")
          .optional("during", &SloExpectation::during, "the part of the run that counts")
          .optional("success", &SloExpectation::success, "share of requests answered with success")
          .optional("mean", &SloExpectation::mean, "mean latency")
          .optional("p50", &SloExpectation::p50, "median latency")
          .optional("p90", &SloExpectation::p90, "latency that 90% of requests stay below")
          .optional("p95", &SloExpectation::p95, "latency that 95% of requests stay below")
          .optional("p99", &SloExpectation::p99, "latency that 99% of requests stay below")
          .optional("p999", &SloExpectation::p999, "latency that 99.9% of requests stay below")
          .optional("max", &SloExpectation::max, "largest latency")
          .optional("throughput", &SloExpectation::throughput, "requests answered")
          .optional("goodput", &SloExpectation::goodput, "requests answered with success");
  return table;
}

const ParameterTable<RecoveryExpectation>& RecoveryExpectation::parameters() {
  static const auto table =
      ParameterTable<RecoveryExpectation>("recovery", "How fast the system comes back.")
          .optional(
              "within", &RecoveryExpectation::within,
              "time after the last fault until latency and success of requests and sagas are as "
              "before; left out: any",
              above_zero);
  return table;
}

const ParameterTable<ScenarioExpectations>& ScenarioExpectations::parameters() {
  static const auto table =
      ParameterTable<ScenarioExpectations>("expect", "What must hold for the run to pass.")
          .optional("invariants", &ScenarioExpectations::invariants, "invariants that are checked")
          .optional("sagas", &ScenarioExpectations::sagas, "how sagas must end")
          .optional("workflows", &ScenarioExpectations::workflows,
                    "how executions of workflows must end")
          .optional("tasks", &ScenarioExpectations::tasks,
                    "how often scripted workers must do the work of tasks")
          .optional("slo", &ScenarioExpectations::slo, "how well requests must be served")
          .optional("recovery", &ScenarioExpectations::recovery, "how fast the system comes back")
          .optional("may-fail", &ScenarioExpectations::may_fail,
                    "the run may pass though nothing, or nearly nothing, succeeds");
  return table;
}

void ParameterForm<InvariantSelection>::read(const ParameterNode& node, InvariantSelection& into,
                                             ParameterReader& reader) {
  if (node.is_list()) {
    into.kind = InvariantSelection::Kind::kSome;
    ParameterForm<std::vector<std::string>>::read(node, into.names, reader);
    return;
  }
  if (!expect_text(node, phrase(), reader)) return;
  into.names.clear();
  if (node.text == "all") {
    into.kind = InvariantSelection::Kind::kAll;
  } else if (node.text == "none") {
    into.kind = InvariantSelection::Kind::kNone;
  } else {
    reader.report(MistakeCode::kUnreadableValue, node.position,
                  fmt::format("'{}' is neither all nor none", node.text),
                  fmt::format("for a single invariant write [{}]", node.text));
  }
}

ParameterNode ParameterForm<InvariantSelection>::print(const InvariantSelection& value) {
  if (value.kind == InvariantSelection::Kind::kSome) {
    return ParameterForm<std::vector<std::string>>::print(value.names);
  }
  return ParameterNode::plain(value.kind == InvariantSelection::Kind::kAll ? "all" : "none");
}

Json ParameterForm<InvariantSelection>::schema(SchemaWriter&) {
  return {{"anyOf",
           {{{"enum", {"all", "none"}}}, {{"type", "array"}, {"items", {{"type", "string"}}}}}}};
}

}  // namespace soundcheck
