#include "models/rpc/policies/jitter.hpp"

namespace soundcheck {

namespace jitters {
#define SOUNDCHECK_JITTER(function, name) StrategyKind function();
#include "models/rpc/policies/jitters.def"
#undef SOUNDCHECK_JITTER
}  // namespace jitters

const StrategyFamily& Jitter::family() {
  static const StrategyFamily family("jitter", "full", StrategyStyle::kText,
                                     {
#define SOUNDCHECK_JITTER(function, name) {name, jitters::function()},
#include "models/rpc/policies/jitters.def"
#undef SOUNDCHECK_JITTER
                                     });
  return family;
}

}  // namespace soundcheck
