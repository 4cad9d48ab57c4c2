#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "reports/summary/progress.hpp"
#include "reports/verdict/run_report.hpp"
#include "scenarios/model/catalogue.hpp"
#include "scenarios/model/scenario.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

class RunRecorder;

// Everything that scenarios may name: the services, sagas, request types, seeded defects,
// invariants and fault kinds of the reference architecture.
const Catalogue& reference_catalogue();

struct RunOptions {
  std::uint64_t seed = 1;
  std::vector<std::string> overrides;  // as given, for the report
  std::string version;                 // of the program, for the report
  // Folder for the databases as .sqlite files at the end; empty: none.
  std::filesystem::path databases;
  // Called after each simulated second; anything but 0 aborts the run, and is its exit code.
  std::function<int(const Progress&)> progress;
  // Asked more often, also while simulated time stands still; anything but 0 aborts the run.
  std::function<int()> interrupted;
};

// One run, from the empty machine room to the verdict. A pure function of the scenario and the
// seed, whatever the other options. With fidelity flow it may be called once in the life of a
// process.
class Run {
 public:
  Run(const Scenario& scenario, RunOptions options);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void execute();
  // What happened last, a line each; at any time, also while it runs.
  std::string last_events() const;
  // After execute().
  std::string digest() const;  // 32 hexadecimal digits
  const RunReport& report() const;
  const RunRecorder& recorder() const;
  // Sentences about what could not be written (databases).
  const std::vector<std::string>& problems() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Runs in a child process, so that any number of runs with fidelity flow are possible, and nothing
// that a run does can hurt the caller. Answers with digest and verdict, or with a sentence when the
// child died.
struct ChildRun {
  bool ok = false;
  std::string digest;
  int exit_code = 0;     // of the verdict
  std::string sentence;  // of the verdict
  std::string problem;
};
ChildRun run_in_child(const Scenario& scenario, std::uint64_t seed);

}  // namespace soundcheck
