#include "models/rpc/policies/hedge_delay.hpp"

namespace soundcheck::hedge_delays {
namespace {

// As gRPC's hedgingDelay; 0s asks all replicas at once.
class Constant final : public HedgeDelay {
 public:
  Duration delay = Duration::milliseconds(100);

  static const ParameterTable<Constant>& parameters() {
    static const auto table = ParameterTable<Constant>("constant", "always as long")
                                  .optional("delay", &Constant::delay, "each wait");
    return table;
  }

  std::optional<Duration> wait() const override { return delay; }
};

}  // namespace

StrategyKind constant() {
  return strategy_kind<Constant>();
}

}  // namespace soundcheck::hedge_delays
