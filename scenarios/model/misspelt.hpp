#pragma once

#include <string>
#include <vector>

#include "sim/core/parameters_mistake.hpp"
#include "sim/core/parameters_node.hpp"

namespace soundcheck {

// A misspelt name of a field is one mistake: what lacks the field, or contradicts what would be
// there without it, is none besides. So the tree is read and checked as it is meant.
class MisspeltNames {
 public:
  // Gives the fields of `root` that `mistakes` found unknown the names that they should have; where
  // that name is there already, or none is near, they stay. False: there was nothing to correct.
  bool correct(ParameterNode& root, const Mistakes& mistakes);

  // Adds the misspelt names to what was found in the corrected tree. What stands below them is only
  // a guess, so mistakes there are left out until the name is right.
  void report(Mistakes& mistakes) const;

 private:
  struct Name {
    Mistake mistake;
    std::string path;  // as it should be
  };
  bool correct_one(ParameterNode& node, const Mistake& mistake);

  std::vector<Name> names_;
};

}  // namespace soundcheck
