#pragma once

#include <span>
#include <string>
#include <string_view>

#include "reports/recorder/run_recorder.hpp"
#include "reports/verdict/run_report.hpp"

namespace soundcheck {

// Of run.json and machine.json: raised when a field changes its meaning or goes; new fields do not
// raise it.
inline constexpr int kRunSchema = 2;

// What differs from machine to machine and from day to day. The command line fills it in.
struct MachineFacts {
  std::string started_at;  // wall clock, ISO 8601
  double wall_seconds = 0;
  double peak_memory_bytes = 0;
  std::string machine;
  std::string compiler;
  std::string build_type;
  std::string working_folder;
  std::string replay;  // the command that gives the same run again
};

// Everything that is known about a run that has ended.
struct EndedRun {
  const RunReport& report;
  const RunRecorder& recorder;
  const MachineFacts& machine;
  std::string_view scenario;  // as it was run, every default filled in, in YAML
};

// One file of a run's folder.
struct Writer {
  std::string_view file;  // "run.json"
  std::string_view help;  // one sentence without a full stop
  std::string (*text)(const EndedRun& run);
};

// Those of writers.def, in its order.
std::span<const Writer> writers();
const Writer& writer_of(std::string_view file);  // the file must be one of them

}  // namespace soundcheck
