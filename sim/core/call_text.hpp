#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/units.hpp"

namespace soundcheck {

// What may be written as `name(argument, argument, ...)` in a scenario: a distribution, an arrival
// process, a back-off.
struct CallForm {
  std::string name;
  std::vector<std::string> arguments;  // names, in the order in which they stand without names
  std::size_t required = 0;            // how many of them must be there
  std::string example;                 // shown in error texts
};

// A text matched against a form: the form's index and one text for each declared argument, empty
// where left out.
struct BoundCall {
  std::size_t form = 0;
  std::vector<std::string> arguments;
};

// Reads `lognormal(3ms, 12ms)` and `lognormal(median 3ms, p99: 12ms)` alike: arguments stand in
// order or carry their name (followed by a blank, ':' or '='). A name without brackets is a call
// without arguments. `what` names the kind of thing in error texts ("distribution").
Parsed<BoundCall> parse_call(std::string_view text, std::span<const CallForm> forms,
                             std::string_view what);

// What forms of values need besides.
std::string_view without_outer_blanks(std::string_view text);
Parsed<Duration> parse_positive_duration(std::string_view text);

}  // namespace soundcheck
