#include "reports/checkers/violation.hpp"

#include <array>

namespace soundcheck {

std::string_view name_of(InvariantStatus status) {
  static constexpr std::array<std::string_view, 4> kNames{"holds", "violated", "nothing-to-check",
                                                          "not-checked"};
  return kNames[static_cast<std::size_t>(status)];
}

}  // namespace soundcheck
