#include "cli/scenario_input.hpp"

#include <fmt/format.h>

#include <charconv>

#include "cli/console.hpp"
#include "cli/usage_error.hpp"
#include "scenarios/assembly/run.hpp"
#include "sim/core/printable.hpp"

namespace soundcheck::cli {

CommandOption set_option() {
  return {.name = "--set",
          .value = "PATH=VALUE",
          .help =
              "change one value of the scenario, e.g. services.payments.replicas=4 or "
              "faults.0.at=2m; may be repeated",
          .repeatable = true};
}

CommandOption seed_option() {
  return {.name = "--seed",
          .value = "N",
          .help = "seed of all random draws, 0 to 18446744073709551615; default: the scenario's"};
}

std::optional<std::uint64_t> seed_of(const Arguments& arguments) {
  if (!arguments.has("--seed")) return std::nullopt;
  const std::string text = arguments.value_of("--seed");
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error == std::errc::result_out_of_range) {
    throw UsageError(fmt::format("--seed {} is too large: at most 18446744073709551615", text));
  }
  if (error != std::errc() || end != text.data() + text.size()) {
    throw UsageError(fmt::format("--seed takes a whole number from 0 on, not '{}'", text),
                     "for example: --seed 7");
  }
  return seed;
}

Overrides overrides_of(const Arguments& arguments) {
  Overrides overrides = arguments.values_of("--set");
  for (const std::string& text : overrides) {
    const std::size_t sign = text.find('=');
    if (sign == std::string::npos || sign == 0) {
      throw UsageError(fmt::format("--set takes PATH=VALUE, not '{}'", text),
                       "for example: --set services.payments.replicas=4");
    }
  }
  return overrides;
}

std::optional<Scenario> read_scenario(const Arguments& arguments, Console& console) {
  const std::optional<std::uint64_t> seed = seed_of(arguments);
  const Overrides overrides = overrides_of(arguments);
  const std::string& file = arguments.operands.front();
  Checked<Scenario> scenario = load_scenario(file, overrides, reference_catalogue());
  if (!scenario) {
    say_diagnostics(scenario.diagnostics, file, console);
    return std::nullopt;
  }
  if (!scenario.diagnostics.empty()) say_diagnostics(scenario.diagnostics, file, console);
  if (seed) scenario.value->seed = *seed;
  return std::move(scenario.value);
}

std::string count_of_diagnostics(const Diagnostics& diagnostics) {
  const auto counted = [](std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
  };
  const std::size_t warnings = diagnostics.warnings();
  const std::size_t mistakes = diagnostics.size() - warnings;
  const std::string text = mistakes == 0 ? "no mistakes" : counted(mistakes, "mistake");
  return warnings == 0 ? text : text + ", " + counted(warnings, "warning");
}

void say_diagnostics(const Diagnostics& diagnostics, const std::string& file, Console& console) {
  const std::string text = diagnostics.text();
  console.say(console.colors_errors() ? with_colors(text) : text);
  if (!text.ends_with('\n')) console.say("\n");
  console.say(fmt::format("{}: {}\n", printable(file), count_of_diagnostics(diagnostics)));
}

}  // namespace soundcheck::cli
