#include "models/rpc/policies/jitter.hpp"

namespace soundcheck::jitters {
namespace {

class None final : public Jitter {
 public:
  static const ParameterTable<None>& parameters() {
    static const auto table = ParameterTable<None>("none", "exactly the back-off");
    return table;
  }

  Duration of(Duration wait, RandomStream&) const override { return wait; }
};

}  // namespace

StrategyKind none() {
  return strategy_kind<None>();
}

}  // namespace soundcheck::jitters
