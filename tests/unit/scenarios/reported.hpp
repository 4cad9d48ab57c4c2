#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "scenarios/assembly/run.hpp"
#include "scenarios/model/load.hpp"
#include "tests/support/own_file.hpp"

namespace soundcheck {

// What is reported of a scenario, which is run in the `direct` kernel.
inline RunReport report_of(const std::string& text) {
  const std::filesystem::path path = test::own_file();
  std::ofstream(path) << "soundcheck: 1\nfidelity: direct\n" << text;
  const auto scenario = load_scenario(path, {}, reference_catalogue());
  if (!scenario) throw std::runtime_error(scenario.diagnostics.text());
  Run run(*scenario, {});
  run.execute();
  return run.report();
}

inline const Check& check_of(const RunReport& report, std::string_view beginning) {
  const auto found = std::ranges::find_if(
      report.checks, [&](const Check& check) { return check.expectation.starts_with(beginning); });
  if (found == report.checks.end()) throw std::runtime_error(report.sentence);
  return *found;
}

inline const ServiceReport& service_of(const RunReport& report, std::string_view name) {
  const auto found = std::ranges::find(report.services, name, &ServiceReport::service);
  if (found == report.services.end()) throw std::runtime_error("no such service");
  return *found;
}

}  // namespace soundcheck
