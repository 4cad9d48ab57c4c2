#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/model/catalogue.hpp"

namespace soundcheck::cli {

// Something that has a name in scenarios or messages, and what is known about it.
struct ReferenceEntry {
  std::string name;
  std::string help;                   // one sentence
  std::function<std::string()> more;  // further lines for `explain`; may be empty
};

// A group of such things: "faults". Generated from the declarations, never written by hand.
struct ReferenceTopic {
  std::string_view name;
  std::string_view one;  // "fault kind"
  std::string_view about;
  std::vector<ReferenceEntry> entries;
};

// In the order in which a reader of a scenario meets them.
std::vector<ReferenceTopic> reference_topics(const Catalogue& catalogue);

}  // namespace soundcheck::cli
