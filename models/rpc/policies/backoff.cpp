#include "models/rpc/policies/backoff.hpp"

namespace soundcheck {

namespace backoffs {
#define SOUNDCHECK_BACKOFF(function, name) StrategyKind function();
#include "models/rpc/policies/backoffs.def"
#undef SOUNDCHECK_BACKOFF
}  // namespace backoffs

const StrategyFamily& Backoff::family() {
  static const StrategyFamily family("back-off", "exponential", StrategyStyle::kText,
                                     {
#define SOUNDCHECK_BACKOFF(function, name) {name, backoffs::function()},
#include "models/rpc/policies/backoffs.def"
#undef SOUNDCHECK_BACKOFF
                                     });
  return family;
}

}  // namespace soundcheck
