#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/core/parameters_form.hpp"

namespace soundcheck {

// Which invariants are checked: every one whose tables are there, none, or those of a list, each of
// which must then have something to check.
struct InvariantSelection {
  enum class Kind : std::uint8_t { kAll, kNone, kSome } kind = Kind::kAll;
  std::vector<std::string> names;  // of kSome
};

template <>
struct ParameterForm<InvariantSelection> {
  static std::string phrase() { return "all, none or a list of invariants"; }
  static void read(const ParameterNode& node, InvariantSelection& into, ParameterReader& reader);
  static ParameterNode print(const InvariantSelection& value);
  static Json schema(SchemaWriter& writer);
};

}  // namespace soundcheck
