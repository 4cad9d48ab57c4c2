#include <algorithm>

#include "scenarios/model/cross_checks.hpp"

namespace soundcheck {

void CrossChecker::check_expectations() {
  const InvariantSelection& invariants = scenario_.expect.invariants;
  for (std::size_t i = 0; i < invariants.names.size(); ++i) {
    check_known({"expect", "invariants", std::to_string(i)}, "invariant", invariants.names[i],
                catalogue_.invariants.names());
  }
  for (std::size_t i = 0; i < scenario_.expect.slo.size(); ++i) {
    check_slo({"expect", "slo", std::to_string(i)}, scenario_.expect.slo[i]);
  }
  if (scenario_.expect.recovery.within && scenario_.faults.empty()) {
    contradiction({"expect", "recovery"}, "there is no fault to recover from",
                  "remove it, or add faults");
  }
}

void CrossChecker::check_slo(const ScenarioPath& path, const SloExpectation& slo) {
  const auto below = [&](const char* name) {
    ScenarioPath result = path;
    result.emplace_back(name);
    return result;
  };
  if (!slo.request.empty()) {
    const bool requested = std::ranges::any_of(
        scenario_.workload,
        [&](const ScenarioWorkload& load) { return load.mix.contains(slo.request); });
    if (check_known(below("request"), "request type", slo.request, requests_) && !requested &&
        !was_misread({"workload"})) {
      contradiction(below("request"), fmt::format("no workload asks for '{}'", slo.request),
                    "add it to a mix");
    }
  }
  const bool has_threshold = slo.success || slo.mean || slo.p50 || slo.p90 || slo.p95 || slo.p99 ||
                             slo.p999 || slo.max || slo.throughput || slo.goodput;
  if (!has_threshold && !was_misread(path)) {
    contradiction(path, "nothing is demanded", "add a threshold, like p99: \"< 400ms\"");
  }
  if (slo.during != SloPhase::kAlways && scenario_.faults.empty()) {
    contradiction(below("during"), "there is no fault in this scenario", "write always");
  }
}

}  // namespace soundcheck
