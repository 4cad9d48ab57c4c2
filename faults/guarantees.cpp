#include "faults/guarantees.hpp"

namespace soundcheck {

std::string_view name_of(Guarantee guarantee) {
  switch (guarantee) {
    case Guarantee::kDurability:
      return "durability";
    case Guarantee::kUniqueness:
      return "uniqueness";
    case Guarantee::kClock:
      return "clock";
    case Guarantee::kOutsideContract:
      return "outside contract";
  }
  return "";
}

std::string describe_guarantees(Guarantees may_break) {
  std::string kept;
  std::string broken;
  for (const Guarantee guarantee : kAllGuarantees) {
    std::string& list = may_break.contains(guarantee) ? broken : kept;
    if (!list.empty()) list += ", ";
    list += name_of(guarantee);
  }
  std::string text = kept.empty() ? "keeps nothing" : "keeps " + kept;
  if (!broken.empty()) text += "; may break " + broken;
  return text;
}

}  // namespace soundcheck
