#include "sim/core/parameters_mistake.hpp"

#include <fmt/format.h>

namespace soundcheck {

std::string to_text(MistakeCode code) {
  return fmt::format("E{:03}", static_cast<int>(code));
}

std::span<const MistakeExplanation> mistake_explanations() {
  static constexpr MistakeExplanation kExplanations[] = {
#define SOUNDCHECK_MISTAKE(enumerator, number, title, explanation) \
  {MistakeCode::enumerator, title, explanation},
#include "sim/core/parameters_mistakes.def"
#undef SOUNDCHECK_MISTAKE
  };
  return kExplanations;
}

}  // namespace soundcheck
