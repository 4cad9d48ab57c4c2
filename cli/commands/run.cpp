#include "scenarios/assembly/run.hpp"

#include <fmt/format.h>

#include <exception>
#include <memory>
#include <new>

#include "cli/broken_run.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/interruption.hpp"
#include "cli/layout.hpp"
#include "cli/process_exit.hpp"
#include "cli/progress_display.hpp"
#include "cli/run_folder.hpp"
#include "cli/scenario_input.hpp"
#include "cli/seed_sweep.hpp"
#include "cli/usage_error.hpp"
#include "cli/wall_clock.hpp"
#include "reports/output/writer.hpp"
#include "reports/summary/summary.hpp"
#include "sim/core/last_words.hpp"

namespace soundcheck::cli {
namespace {

// The command that gives the same run again, from the same working folder.
std::string replay_command(const Arguments& arguments, std::uint64_t seed) {
  std::string line = fmt::format("{} run {} --seed {}", shell_quoted(arguments.program),
                                 shell_quoted(arguments.operands.front()), seed);
  for (const std::string& change : overrides_of(arguments)) {
    line += fmt::format(" --set {}", shell_quoted(change));
  }
  return line;
}

std::unique_ptr<Run> execute(const Scenario& scenario, const std::string& shown,
                             const Arguments& arguments, RunFolder& folder, Console& console) {
  const Interruption interruption;
  ProgressDisplay display(console, !arguments.has("--quiet") && !arguments.has("--no-progress"));
  RunOptions options{.seed = scenario.seed,
                     .overrides = overrides_of(arguments),
                     .version = SOUNDCHECK_VERSION,
                     .interrupted = [&interruption] { return interruption.exit_code(); }};
  if (arguments.has("--keep-databases")) options.databases = folder.databases();
  options.progress = [&interruption, &display](const Progress& progress) {
    display.show(progress);
    return interruption.exit_code();
  };
  auto run = std::make_unique<Run>(scenario, std::move(options));
  const std::string replay = replay_command(arguments, scenario.seed);
  const BrokenRun broken(folder, shown, replay, *run);
  try {
    run->execute();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    program_is_broken(error.what());
  }
  return run;
}

// The summary is what was asked for, unless that is JSON; the replay command ends it either way.
void print(const EndedRun& run, const SummaryFooter& footer, const Arguments& arguments,
           Console& console) {
  const bool as_json = arguments.has("--json");
  const bool color = as_json ? console.colors_errors() : console.colors_output();
  std::string text;
  if (arguments.has("--quiet")) {
    text = fmt::format("{}\n{}\n", run.report.sentence, footer.replay);
  } else {
    const std::size_t width = as_json ? error_width() : output_width();
    text = summary_text(run.report, {.colour = color, .width = width}, footer);
  }
  if (as_json) {
    console.print(writer_of("run.json").text(run));
    console.say(text);
  } else {
    console.print(text);
  }
}

// Everything into the folder; its name, or a sentence. `problems`: with what was to be written
// during the run.
std::expected<std::filesystem::path, std::string> keep(RunFolder& folder, const EndedRun& run,
                                                       const std::vector<std::string>& problems) {
  if (!problems.empty()) return std::unexpected(problems.front());
  return folder.finish(run);
}

int run_run(const Arguments& arguments, Console& console) {
  const WallClock clock;
  const std::optional<SeedRange> seeds = seeds_of(arguments);
  const std::optional<Scenario> scenario = read_scenario(arguments, console);
  if (!scenario) return kExitWrongScenario;
  if (seeds) {
    return run_seeds(*scenario, *seeds, arguments.has("--json"), console,
                     [&](std::uint64_t seed) { return replay_command(arguments, seed); });
  }
  const std::string output = arguments.value_of("--output");
  if (arguments.has("--output") && output.empty()) throw UsageError("--output needs a folder");
  auto folder = RunFolder::open(output, scenario->name, clock.folder_stamp());
  if (!folder) {
    console.complain(folder.error(), output.empty()
                                         ? "nothing was run; --output takes another folder"
                                         : "nothing was run");
    return kExitCannotWrite;
  }
  const std::string shown = show_scenario(*scenario);
  const std::unique_ptr<Run> run = execute(*scenario, shown, arguments, *folder, console);

  SummaryFooter footer{.replay = replay_command(arguments, scenario->seed)};
  const MachineFacts machine = clock.facts(footer.replay);
  const EndedRun ended{run->report(), run->recorder(), machine, shown};
  const auto kept = keep(*folder, ended, run->problems());
  if (kept) {
    footer.results = kept->string();
  } else {
    console.complain(kept.error(), "the results are printed, but not kept");
  }
  print(ended, footer, arguments, console);
  return kept ? run->report().process_exit() : kExitCannotWrite;
}

}  // namespace

const Command& run_command() {
  static const Command command{
      .name = "run",
      .summary = "run a scenario and judge it",
      .examples = {{"soundcheck run scenarios/payments-outage.yaml",
                    "ends with the verdict, where the results are, and how to see the run again"},
                   {"soundcheck run scenarios/payments-outage.yaml --seed 7 --set duration=2m",
                    "another course of events, for two minutes of load"},
                   {"soundcheck run scenarios/payments-outage.yaml --seeds 1..30",
                    "thirty courses of events, with the command that replays each that failed"},
                   {"soundcheck run scenarios/quickstart.yaml --json > run.json",
                    "the report for programs"},
                   {"soundcheck run scenarios/quickstart.yaml -o results --keep-databases",
                    "everything into one folder, with every database as an .sqlite file"}},
      .about =
          "Writes a folder runs/SCENARIO/TIME-DIGEST (and points runs/latest to it) with the files "
          "that 'soundcheck list files' explains. One scenario and seed give the same run.json and "
          "series.csv everywhere. Ctrl-C, SIGTERM and SIGHUP abort a run: what was seen until then "
          "is written, and not judged.",
      .operands = {"FILE", "a scenario; - is standard input", 1, 1},
      .options =
          {seed_option(),
           {.name = "--seeds",
            .value = "FIRST..LAST",
            .help = "run each of these seeds and print one summary; nothing is written"},
           set_option(),
           {.name = "--output",
            .letter = "-o",
            .value = "DIR",
            .help = "write into exactly this folder: a new or empty one, or that of a former run, "
                    "which it replaces"},
           {.name = "--keep-databases", .help = "also write every database as an .sqlite file"},
           {.name = "--json",
            .help = "print run.json to standard output, the rest to standard "
                    "error"},
           {.name = "--quiet", .letter = "-q", .help = "print the verdict and the command only"},
           {.name = "--no-progress", .help = "show no progress, not even on a terminal"}},
      .run = run_run};
  return command;
}

}  // namespace soundcheck::cli
