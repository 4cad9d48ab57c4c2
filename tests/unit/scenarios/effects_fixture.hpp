#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include "reports/verdict/run_report.hpp"
#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck::test {

using Ids = std::set<std::string>;

// The report of a scenario that brings its own services.
inline RunReport report_of(const std::string& text) {
  const std::filesystem::path path = own_file();
  std::ofstream(path) << "soundcheck: 1\narchitecture: own\nfidelity: direct\n" << text;
  const auto scenario = load_scenario(path, {}, reference_catalogue());
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  Run run(*scenario, {});
  run.execute();
  return run.report();
}

inline Ids violated(const RunReport& report) {
  Ids ids;
  for (const InvariantReport& one : report.invariants) {
    if (one.result.status == InvariantStatus::kViolated) ids.insert(one.invariant.id);
  }
  return ids;
}

inline EffectReport effects_on(const RunReport& report, std::string_view task) {
  const auto found = std::ranges::find(report.effects, task, &EffectReport::task);
  return found == report.effects.end() ? EffectReport() : *found;
}

// Of the check whose expectation begins like that; one that was not made is no failure.
inline CheckStatus status_of(const RunReport& report, std::string_view beginning) {
  const auto found = std::ranges::find_if(
      report.checks, [&](const Check& check) { return check.expectation.starts_with(beginning); });
  return found == report.checks.end() ? CheckStatus::kPass : found->status;
}

}  // namespace soundcheck::test
