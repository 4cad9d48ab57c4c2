#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// Which parts of its input (`$`) a script can read, found by looking at its text: `$.a['b'] < $.c`
// reads a.b and c. A loop condition gets only these parts, so that a loop's ever growing output is
// not copied once an iteration. When in doubt the answer is "everything".
class ScriptNeeds {
 public:
  ScriptNeeds() = default;  // everything
  explicit ScriptNeeds(std::string_view script);

  bool everything() const { return everything_; }
  // Whether any part of the member `name` is read.
  bool any_of(std::string_view name) const;
  // The parts of `value`, the member `name` of the input, that are read.
  Json parts_of(std::string_view name, const Json& value) const;

 private:
  bool everything_ = true;
  std::vector<std::vector<std::string>> paths_;
};

}  // namespace soundcheck::conductor
