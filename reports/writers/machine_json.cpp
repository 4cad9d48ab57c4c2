#include "reports/output/writer.hpp"
#include "sim/core/json.hpp"

namespace soundcheck {

namespace {

std::string machine_json(const EndedRun& run) {
  const MachineFacts& facts = run.machine;
  const double simulated = run.report.facts.ended.in_seconds();
  const auto events = static_cast<double>(run.report.facts.events);
  const auto per_second = [&](double amount) {
    return facts.wall_seconds > 0 ? amount / facts.wall_seconds : 0;
  };
  const Json json{{"schema", kRunSchema},
                  {"started_at", facts.started_at},
                  {"wall_s", facts.wall_seconds},
                  {"simulated_s_per_s", per_second(simulated)},
                  {"events_per_s", per_second(events)},
                  {"peak_memory_bytes", facts.peak_memory_bytes},
                  {"machine", facts.machine},
                  {"compiler", facts.compiler},
                  {"build_type", facts.build_type},
                  {"working_folder", facts.working_folder},
                  {"replay", facts.replay}};
  return json.dump(2) + "\n";
}

}  // namespace

Writer machine_json_writer() {
  return {.file = "machine.json",
          .help = "what the run cost on this machine, and the command that replays it",
          .text = machine_json};
}

}  // namespace soundcheck
