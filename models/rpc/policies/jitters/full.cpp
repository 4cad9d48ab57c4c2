#include "models/rpc/policies/jitter.hpp"

namespace soundcheck::jitters {
namespace {

class Full final : public Jitter {
 public:
  static const ParameterTable<Full>& parameters() {
    static const auto table = ParameterTable<Full>("full", "uniform between zero and the back-off");
    return table;
  }

  Duration of(Duration wait, RandomStream& random) const override {
    return any_up_to(wait, random);
  }
};

}  // namespace

StrategyKind full() {
  return strategy_kind<Full>();
}

}  // namespace soundcheck::jitters
