#pragma once

#include <string>

#include "sim/core/parameters.hpp"

namespace soundcheck::cli {

// The parameters of a table for people: name, how its value is written, default, what it means.
std::string parameters_text(const AnyParameterTable& table);

// The table that a path through scenario fields leads to, and the field itself where it ends at a
// single value. Names that a user chooses (of services, of zones) are left out or anything:
// "services.payments.calls.retry" and "services.calls.retry" lead to the same.
struct FieldAtPath {
  const Parameter* field = nullptr;          // the last one named
  const AnyParameterTable* owner = nullptr;  // the table it stands in
  std::string path;                          // as walked, without names that a user chooses
};
FieldAtPath find_field(const AnyParameterTable& root, std::string_view path);

// Paths of all fields below a table: "services.calls.retry.attempts".
std::vector<std::string> field_paths(const AnyParameterTable& root);

// "default 5s", "required"; empty if there is nothing to say.
std::string default_text(const AnyParameterTable& table, const Parameter& parameter);
// How a value is written, and its default: "(a duration such as 300ms; default 5s)".
std::string form_text(const AnyParameterTable& table, const Parameter& parameter);

}  // namespace soundcheck::cli
