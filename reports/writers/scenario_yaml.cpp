#include "reports/output/writer.hpp"

namespace soundcheck {

Writer scenario_yaml_writer() {
  return {.file = "scenario.yaml",
          .help = "the scenario as it was run, every default filled in",
          .text = [](const EndedRun& run) { return std::string(run.scenario); }};
}

}  // namespace soundcheck
