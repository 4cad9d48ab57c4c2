#include "sim/core/fingerprint.hpp"

#include <fmt/format.h>

namespace soundcheck {

std::string Fingerprint::hex() const {
  return fmt::format("{:016x}{:016x}", high_, low_);
}

}  // namespace soundcheck
