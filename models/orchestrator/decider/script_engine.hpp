#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// Runs the scripts inside definitions. A pure function of (script, input): no clock, no randomness,
// nothing kept between two calls. The error is a sentence that ends up as a task's reason.
class ScriptEngine {
 public:
  virtual ~ScriptEngine() = default;
  // The completion value of the script, with `input` bound to `$`; undefined is null.
  virtual std::expected<Json, std::string> javascript(std::string_view script,
                                                      const Json& input) = 0;
  // Everything the filter yields, as a list.
  virtual std::expected<Json, std::string> jq(std::string_view filter, const Json& input) = 0;
};

// For definitions without scripts: every script is an error.
class NoScripts : public ScriptEngine {
 public:
  std::expected<Json, std::string> javascript(std::string_view, const Json&) override {
    return std::unexpected("this run has no script engine");
  }
  std::expected<Json, std::string> jq(std::string_view, const Json&) override {
    return std::unexpected("this run has no script engine");
  }
};

// What a condition's value says: Conductor takes a number above zero for true, and any other value
// that is no boolean for false (ScriptEvaluator.toBoolean).
inline bool is_true(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  return value.is_number() && value.get<double>() > 0;
}

}  // namespace soundcheck::conductor
