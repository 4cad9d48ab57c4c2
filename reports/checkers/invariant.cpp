#include "reports/checkers/invariant.hpp"

namespace soundcheck {

char letter_of(InvariantClass when) {
  switch (when) {
    case InvariantClass::kAlways:
      return 'S';
    case InvariantClass::kBetweenSagas:
      return 'W';
    case InvariantClass::kAtRest:
      return 'Q';
  }
  return '?';
}

std::string_view text_of(InvariantClass when) {
  switch (when) {
    case InvariantClass::kAlways:
      return "at every instant";
    case InvariantClass::kBetweenSagas:
      return "whenever no saga is open";
    case InvariantClass::kAtRest:
      return "at rest";
  }
  return "";
}

}  // namespace soundcheck
