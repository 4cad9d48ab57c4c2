#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/parameters_node.hpp"

namespace soundcheck {

// Kinds of mistakes, as listed and explained in parameters_mistakes.def.
enum class MistakeCode {
#define SOUNDCHECK_MISTAKE(enumerator, number, title, explanation) enumerator = number,
#include "sim/core/parameters_mistakes.def"
#undef SOUNDCHECK_MISTAKE
};

struct MistakeExplanation {
  MistakeCode code;
  std::string_view title;
  std::string_view explanation;
};

std::string to_text(MistakeCode code);  // "E012"
std::span<const MistakeExplanation> mistake_explanations();

// One mistake of a person who wrote a configuration.
struct Mistake {
  MistakeCode code;
  SourcePosition position;
  std::string path;         // "services.payments.replicas"; empty at the top
  std::string sentence;     // what is wrong, without a full stop
  std::string hint;         // what to write instead; stands behind the underlined text
  std::string note;         // what else helps
  bool is_warning = false;  // the value is used all the same
  std::string meant = {};   // of an unknown field: which one it most likely should be
};

using Mistakes = std::vector<Mistake>;

}  // namespace soundcheck
