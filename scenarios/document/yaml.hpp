#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scenarios/document/source.hpp"
#include "sim/core/parameters_mistake.hpp"

namespace soundcheck {

// A document may be this deep and hold this many values, every use of an alias counted anew.
inline constexpr int kDeepestDocument = 100;
inline constexpr int kMostValues = 50'000;

// Reads YAML into a tree that knows where everything stands. `source.text` from `offset` on is the
// document; positions refer to the whole text (so the value of `--set path=value` is underlined
// where it was typed).
//
// Beyond the YAML library: fields given twice are mistakes, merge keys (`<<: *base`) are expanded,
// aliases cannot blow the document up, and in flow collections `{ cpu: uniform(1ms, 5ms) }` is one
// entry although YAML itself ends a plain text at the comma. What cannot be read is reported in
// plain words; the result is then what could be understood.
//
// A text that goes on to where fields stand is a mistake (its quote is not closed) or a warning:
// its lines look like `fields`, or like fields that the document has elsewhere.
ParameterNode parse_yaml(const Source& source, int source_index, Mistakes& mistakes,
                         std::size_t offset = 0, std::span<const std::string> fields = {});

// Block style; values that are short lists in one line. Reads back to the same tree.
std::string to_yaml(const ParameterNode& node);

}  // namespace soundcheck
