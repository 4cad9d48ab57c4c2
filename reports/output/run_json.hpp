#pragma once

#include <string>

#include "reports/verdict/run_report.hpp"
#include "sim/core/json.hpp"

namespace soundcheck {

// Raised when a field of run.json changes its meaning or goes; new fields do not raise it.
inline constexpr int kRunSchema = 1;

// run.json: everything that is known about a run and is the same for one scenario and seed on every
// machine; compare two of them byte by byte. Times and durations are in the unit that the name of
// the field ends with; null is "never".
Json to_json(const RunReport& report);

// machine.json: what differs from machine to machine and from day to day. The command line fills it
// in.
struct MachineFacts {
  std::string started_at;  // wall clock, ISO 8601
  double wall_seconds = 0;
  double peak_memory_bytes = 0;
  std::string machine;
  std::string compiler;
  std::string build_type;
  std::string working_folder;
  std::string replay;
};
Json to_json(const MachineFacts& facts, const RunReport& report);

}  // namespace soundcheck
