#include "cli/seed_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/process_exit.hpp"
#include "cli/usage_error.hpp"
#include "scenarios/assembly/run.hpp"
#include "sim/core/json.hpp"

namespace soundcheck::cli {
namespace {

constexpr std::uint64_t kMostSeeds = 10'000;

std::optional<std::uint64_t> seed_in(std::string_view text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seed;
}

struct SeedRun {
  std::uint64_t seed = 0;
  ChildRun run;
};

// From the worst to the best.
constexpr std::array<std::pair<int, std::string_view>, 5> kOutcomes{{{kExitBroken, "broken"},
                                                                     {1, "unsound"},
                                                                     {2, "objective missed"},
                                                                     {3, "unknown"},
                                                                     {kExitFine, "passed"}}};

int exit_code_of(const SeedRun& one) {
  return one.run.ok ? one.run.exit_code : kExitBroken;
}

const std::string& sentence_of(const SeedRun& one) {
  return one.run.ok ? one.run.sentence : one.run.problem;
}

auto with_exit_code(const std::vector<SeedRun>& runs, int code) {
  return std::ranges::count(runs, code, exit_code_of);
}

// "30 seeds: 1 unsound, 29 passed"
std::string counts_of(const std::vector<SeedRun>& runs) {
  std::string text = fmt::format("{} {}:", runs.size(), runs.size() == 1 ? "seed" : "seeds");
  std::string_view before = " ";
  for (const auto& [code, word] : kOutcomes) {
    const auto count = with_exit_code(runs, code);
    if (count == 0) continue;
    text += fmt::format("{}{} {}", before, count, word);
    before = ", ";
  }
  return text;
}

Json json_of(const std::vector<SeedRun>& runs,
             const std::function<std::string(std::uint64_t)>& replay) {
  Json list = Json::array();
  for (const SeedRun& one : runs) {
    list.push_back({{"seed", one.seed},
                    {"exit_code", exit_code_of(one)},
                    {"verdict", sentence_of(one)},
                    {"digest", one.run.digest},
                    {"replay", replay(one.seed)}});
  }
  return list;
}

}  // namespace

std::optional<SeedRange> seeds_of(const Arguments& arguments) {
  if (!arguments.has("--seeds")) return std::nullopt;
  const std::string text = arguments.value_of("--seeds");
  const std::size_t dots = text.find("..");
  const auto first = seed_in(text.substr(0, dots));
  const auto last = dots == std::string::npos ? first : seed_in(text.substr(dots + 2));
  if (!first || !last || *last < *first) {
    throw UsageError(fmt::format("--seeds takes FIRST..LAST, not '{}'", text),
                     "for example: --seeds 1..30");
  }
  if (*last - *first >= kMostSeeds)
    throw UsageError(fmt::format("--seeds {} are more than {}", text, kMostSeeds));
  for (const char* other : {"--seed", "--output", "--keep-databases"}) {
    if (!arguments.has(other)) continue;
    throw UsageError(fmt::format("--seeds and {} exclude each other", other),
                     "run one of the seeds alone to keep its results");
  }
  return SeedRange{*first, *last};
}

int run_seeds(const Scenario& scenario, const SeedRange& seeds, bool as_json, Console& console,
              const std::function<std::string(std::uint64_t)>& replay) {
  std::vector<SeedRun> runs;
  for (std::uint64_t i = 0; i <= seeds.last - seeds.first; ++i) {
    const std::uint64_t seed = seeds.first + i;
    runs.push_back({seed, run_in_child(scenario, seed)});
    if (!as_json) console.print(fmt::format("seed {}  {}\n", seed, sentence_of(runs.back())));
  }
  if (as_json) {
    console.print(json_of(runs, replay).dump(2) + "\n");
  } else {
    console.print(fmt::format("\n{}\n", counts_of(runs)));
    for (const SeedRun& one : runs) {
      if (exit_code_of(one) != kExitFine) console.print(fmt::format("  {}\n", replay(one.seed)));
    }
  }
  for (const auto& [code, word] : kOutcomes) {
    if (with_exit_code(runs, code) > 0) return code;
  }
  return kExitFine;
}

}  // namespace soundcheck::cli
