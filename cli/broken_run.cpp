#include "cli/broken_run.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "cli/run_folder.hpp"
#include "scenarios/assembly/run.hpp"
#include "sim/core/last_words.hpp"

namespace soundcheck::cli {
namespace {

void keep_evidence(RunFolder& folder, const std::string& scenario, const std::string& replay,
                   const Run& run, const std::string& mistake) {
  const std::string problem =
      fmt::format("{}\nsoundcheck {}\n{}\n", mistake, SOUNDCHECK_VERSION, replay);
  const auto kept = folder.keep_broken({{"problem.txt", problem},
                                        {"scenario.yaml", scenario},
                                        {"last-events.txt", run.last_events()}});
  fmt::print(stderr,
             "This is a mistake of the program, not of your scenario. Please report it to {}{}.\n"
             "{}\n",
             SOUNDCHECK_REPORT_TO,
             kept ? fmt::format(", with the folder {}", kept->string())
                  : fmt::format(" with your scenario ({})", kept.error()),
             replay);
}

}  // namespace

BrokenRun::BrokenRun(RunFolder& folder, const std::string& scenario, const std::string& replay,
                     const Run& run) {
  set_last_words(
      [&](const std::string& mistake) { keep_evidence(folder, scenario, replay, run, mistake); });
}

BrokenRun::~BrokenRun() {
  set_last_words({});
}

}  // namespace soundcheck::cli
