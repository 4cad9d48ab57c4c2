#include "models/rpc/policies/hedge_delay.hpp"

namespace soundcheck {

namespace hedge_delays {
#define SOUNDCHECK_HEDGE_DELAY(function, name) StrategyKind function();
#include "models/rpc/policies/hedge_delays.def"
#undef SOUNDCHECK_HEDGE_DELAY
}  // namespace hedge_delays

const StrategyFamily& HedgeDelay::family() {
  static const StrategyFamily family("hedge delay", "percentile", StrategyStyle::kText,
                                     {
#define SOUNDCHECK_HEDGE_DELAY(function, name) {name, hedge_delays::function()},
#include "models/rpc/policies/hedge_delays.def"
#undef SOUNDCHECK_HEDGE_DELAY
                                     });
  return family;
}

}  // namespace soundcheck
