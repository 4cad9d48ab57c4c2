#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "sim/core/ids.hpp"

namespace soundcheck {

// Texts that events carry, numbered in the order in which they were first met: the scenario's own,
// then by occurrence.
class Names {
 public:
  NameId intern(std::string_view text);
  std::string_view text(NameId name) const;  // "" for an invalid name
  std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;
  std::map<std::string_view, NameId> ids_;
};

}  // namespace soundcheck
