#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/process_exit.hpp"
#include "cli/scenario_input.hpp"
#include "cli/usage_error.hpp"
#include "scenarios/assembly/run.hpp"

namespace soundcheck::cli {
namespace {

constexpr int kMostRuns = 1000;
constexpr std::size_t kDigestLength = 32;

int runs_of(const Arguments& arguments) {
  if (!arguments.has("--runs")) return 2;
  const std::string text = arguments.value_of("--runs");
  int runs = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), runs);
  if (error != std::errc() || end != text.data() + text.size() || runs < 2 || runs > kMostRuns) {
    throw UsageError(fmt::format("--runs takes a number from 2 to {}, not '{}'", kMostRuns, text));
  }
  return runs;
}

// Of a former run, as its run.json says it; empty: none.
std::string former_digest(const Arguments& arguments) {
  const std::string digest = arguments.value_of("--digest");
  const bool is_digest = digest.size() == kDigestLength &&
                         digest.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (arguments.has("--digest") && !is_digest) {
    throw UsageError(
        fmt::format("--digest takes {} hexadecimal digits, not '{}'", kDigestLength, digest),
        "they stand in the run.json of a former run");
  }
  return digest;
}

int run_verify(const Arguments& arguments, Console& console) {
  const int runs = runs_of(arguments);
  const std::string former = former_digest(arguments);
  const std::optional<Scenario> scenario = read_scenario(arguments, console);
  if (!scenario) return kExitWrongScenario;
  std::vector<std::string> digests;
  for (int number = 1; number <= runs; ++number) {
    const ChildRun run = run_in_child(*scenario, scenario->seed);
    if (!run.ok) {
      console.complain(fmt::format("run {} of seed {} ended without a result: {}", number,
                                   scenario->seed, run.problem));
      return kExitBroken;
    }
    digests.push_back(run.digest);
    if (!arguments.has("--json")) console.print(fmt::format("run {}  {}\n", number, run.digest));
  }
  const bool same = std::ranges::count(digests, digests.front()) == runs;
  if (arguments.has("--json")) {
    const Json json = {{"seed", scenario->seed}, {"digests", digests}, {"same", same}};
    console.print(json.dump(2) + "\n");
  } else if (same) {
    console.print(fmt::format("{} runs of seed {} are the same.\n", runs, scenario->seed));
  }
  if (!same) {
    console.complain(fmt::format("runs of seed {} differ", scenario->seed),
                     "a run must depend on its scenario and seed only: please report it");
    return kExitDigestsDiffer;
  }
  if (former.empty() || former == digests.front()) return kExitFine;
  console.complain(fmt::format("the run with digest {} was another one", former),
                   "unless scenario, seed or version of the program differ: please report it");
  return kExitDigestsDiffer;
}

}  // namespace

const Command& verify_command() {
  static const Command command{
      .name = "verify",
      .summary = "run a scenario twice with one seed and compare the digests",
      .examples = {{"soundcheck verify scenarios/quickstart.yaml",
                    "exits with 0 if both runs are the same, event by event"},
                   {"soundcheck verify scenarios/quickstart.yaml --runs 5 --seed 7",
                    "five runs of seed 7"},
                   {"soundcheck verify runs/latest/scenario.yaml --digest DIGEST",
                    "whether a run that somebody made elsewhere is the same here"}},
      .about =
          "Every run is a process of its own. The digest covers every event and every change "
          "of every database; the verdict plays no part here.",
      .operands = {"FILE", "a scenario; - is standard input", 1, 1},
      .options = {seed_option(),
                  set_option(),
                  {.name = "--runs", .value = "N", .help = "how many runs, 2 to 1000; default 2"},
                  {.name = "--digest",
                   .value = "DIGEST",
                   .help = "compare with a former run too, by the digest in its run.json"},
                  {.name = "--json", .help = "print JSON"}},
      .run = run_verify};
  return command;
}

}  // namespace soundcheck::cli
