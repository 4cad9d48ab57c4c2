#include "reports/verdict/expectations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace soundcheck {

namespace {

constexpr auto kCount = between(0, 1'000'000'000);

}  // namespace

const std::array<WorkGoal::Percentile, 6>& WorkGoal::percentiles() {
  static constexpr std::array<Percentile, 6> kPercentiles{{{"p50", 0.5, &WorkGoal::p50},
                                                           {"p90", 0.9, &WorkGoal::p90},
                                                           {"p95", 0.95, &WorkGoal::p95},
                                                           {"p99", 0.99, &WorkGoal::p99},
                                                           {"p999", 0.999, &WorkGoal::p999},
                                                           {"max", 1, &WorkGoal::max}}};
  return kPercentiles;
}

bool WorkGoal::demands_something() const {
  const auto given = [this](const Percentile& one) { return (this->*one.bound).has_value(); };
  return mean || goodput || throughput || std::ranges::any_of(percentiles(), given);
}

const ParameterTable<WorkGoal>& WorkGoal::parameters() {
  static const auto table =
      ParameterTable<WorkGoal>("goal", "How work must fare in a part of the run.")
          .optional("during", &WorkGoal::during, "the part of the run that counts")
          .optional("mean", &WorkGoal::mean, "mean time that those took which succeeded")
          .optional("p50", &WorkGoal::p50, "their median time")
          .optional("p90", &WorkGoal::p90, "time that 90% of them stay below")
          .optional("p95", &WorkGoal::p95, "time that 95% of them stay below")
          .optional("p99", &WorkGoal::p99, "time that 99% of them stay below")
          .optional("p999", &WorkGoal::p999, "time that 99.9% of them stay below")
          .optional("max", &WorkGoal::max, "time of the slowest of them")
          .optional("goodput", &WorkGoal::goodput, "how many of them ended in a second")
          .optional("throughput", &WorkGoal::throughput, "how many ended in a second, however");
  return table;
}

bool Objective::demands_something() const {
  return success || WorkGoal::demands_something();
}

const ParameterTable<Objective>& Objective::parameters() {
  static const auto table =
      ParameterTable<Objective>("slo", "How well requests must be served.")
          .optional("request", &Objective::request, "a request type; left out: all together")
          .optional("success", &Objective::success, "share of requests answered with success")
          .including(WorkGoal::parameters());
  return table;
}

bool WorkflowGoal::demands_something() const {
  return completed || longest || WorkGoal::demands_something();
}

const ParameterTable<WorkflowGoal>& WorkflowGoal::parameters() {
  static const auto table =
      ParameterTable<WorkflowGoal>("workflow expectation", "How executions of a workflow must end.")
          .required("workflow", &WorkflowGoal::workflow, "name of the workflow")
          .optional("completed", &WorkflowGoal::completed,
                    "share of the started ones that end as COMPLETED")
          .including(WorkGoal::parameters())
          .optional("longest", &WorkflowGoal::longest,
                    "duration of the slowest one of the whole run, however it ended");
  return table;
}

SagaGoal::Limit SagaGoal::limit_of(SagaOutcome outcome) const {
  switch (outcome) {
    case SagaOutcome::kCompleted:
    case SagaOutcome::kUnjudged:
      return std::nullopt;
    case SagaOutcome::kCompensated:
      return compensated;
    case SagaOutcome::kFailedCleanly:
      return failed;
    case SagaOutcome::kNotUndone:
      return not_undone;
    case SagaOutcome::kNeedsHuman:
      return needs_human;
    case SagaOutcome::kStuck:
      return stuck;
    case SagaOutcome::kInconsistent:
      return inconsistent;
  }
  return std::nullopt;
}

const ParameterTable<SagaGoal>& SagaGoal::parameters() {
  static const auto table =
      ParameterTable<SagaGoal>("sagas",
                               "How many sagas may end each way, at most, and how they must fare.")
          .optional("stuck", &SagaGoal::stuck, "still open at the end of the settle phase")
          .optional("inconsistent", &SagaGoal::inconsistent, "neither done nor undone")
          .optional("needs-human", &SagaGoal::needs_human,
                    "waiting for a person; left out: any number")
          .optional("failed", &SagaGoal::failed,
                    "failed before anything was done; left out: any number")
          .optional("compensated", &SagaGoal::compensated,
                    "undone as a whole; left out: any number")
          .optional("not-undone", &SagaGoal::not_undone,
                    "failed after something was done, and nothing undid it; left out: none")
          .optional("completed", &SagaGoal::completed, "share of those that ended")
          .including(WorkGoal::parameters());
  return table;
}

bool SagaLimit::operator==(const SagaLimit& other) const {
  if (share.has_value() != other.share.has_value()) return false;
  if (!share) return count == other.count;
  return share->comparison == other.share->comparison && share->limit == other.share->limit;
}

void ParameterForm<SagaLimit>::read(const ParameterNode& node, SagaLimit& into,
                                    ParameterReader& reader) {
  using Share = Bound<Percentage>;
  if (node.is_text() && node.text.find_first_of("<>%") != std::string::npos) {
    Share share;
    const std::size_t before = reader.mistake_count();
    ParameterForm<Share>::read(node, share, reader);
    if (reader.mistake_count() != before) return;
    if (share.comparison == Comparison::kLess || share.comparison == Comparison::kAtMost) {
      into = {.share = share};
    } else {
      reader.report(MistakeCode::kUnreadableValue, node.position,
                    fmt::format("'{}' is no upper limit", node.text), "write it like \"<= 5%\"");
    }
    return;
  }
  struct Counted {
    std::uint32_t count = 0;
  };
  static const auto table =
      ParameterTable<Counted>("limit", "").optional("count", &Counted::count, "", kCount);
  Counted counted;
  const std::size_t before = reader.mistake_count();
  table.parameters().front().read(node, &counted, reader);
  if (reader.mistake_count() == before) into = {.count = counted.count, .share = {}};
}

ParameterNode ParameterForm<SagaLimit>::print(const SagaLimit& value) {
  return value.share ? ParameterForm<Bound<Percentage>>::print(*value.share)
                     : ParameterForm<std::uint32_t>::print(value.count);
}

Json ParameterForm<SagaLimit>::schema(SchemaWriter& writer) {
  const Json count{{"type", "integer"}, {"minimum", 0}, {"maximum", 1'000'000'000}};
  return {{"anyOf", {count, ParameterForm<Bound<Percentage>>::schema(writer)}}};
}

const ParameterTable<TaskGoal>& TaskGoal::parameters() {
  static const auto table =
      ParameterTable<TaskGoal>("task expectation",
                               "How often scripted workers must do the work of a task.")
          .required("task", &TaskGoal::task, "reference of the task")
          .optional("repeated", &TaskGoal::repeated,
                    "executions whose work another one had done before, at most", kCount)
          .optional("overlapping", &TaskGoal::overlapping,
                    "executions that began while another worker was at the same task, at most",
                    kCount)
          .optional("retry-peak", &TaskGoal::retry_peak, "further attempts in the busiest second");
  return table;
}

const ParameterTable<RecoveryGoal>& RecoveryGoal::parameters() {
  static const auto table =
      ParameterTable<RecoveryGoal>("recovery", "How fast the system comes back.")
          .optional(
              "within", &RecoveryGoal::within,
              "time after the last fault until latency and success of requests and sagas are as "
              "before; left out: any",
              above_zero);
  return table;
}

const ParameterTable<Expectations>& Expectations::parameters() {
  static const auto table =
      ParameterTable<Expectations>("expect", "What must hold for the run to pass.")
          .optional("invariants", &Expectations::invariants, "invariants that are checked")
          .optional("sagas", &Expectations::sagas, "how sagas must end")
          .optional("workflows", &Expectations::workflows, "how executions of workflows must end")
          .optional("tasks", &Expectations::tasks,
                    "how often scripted workers must do the work of tasks")
          .optional("slo", &Expectations::objectives, "how well requests must be served")
          .optional("recovery", &Expectations::recovery, "how fast the system comes back")
          .optional("may-fail", &Expectations::may_fail,
                    "the run may pass though nothing, or nearly nothing, succeeds");
  return table;
}

}  // namespace soundcheck
