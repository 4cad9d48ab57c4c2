#include "models/rpc/policies/jitter.hpp"

namespace soundcheck::jitters {
namespace {

class Equal final : public Jitter {
 public:
  static const ParameterTable<Equal>& parameters() {
    static const auto table =
        ParameterTable<Equal>("equal", "half the back-off, and up to the other half");
    return table;
  }

  Duration of(Duration wait, RandomStream& random) const override {
    const Duration half = wait / 2;
    return half + any_up_to(wait - half, random);
  }
};

}  // namespace

StrategyKind equal() {
  return strategy_kind<Equal>();
}

}  // namespace soundcheck::jitters
