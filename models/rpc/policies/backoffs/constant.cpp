#include "models/rpc/policies/backoff.hpp"

namespace soundcheck::backoffs {
namespace {

class Constant final : public Backoff {
 public:
  Duration base = Duration::milliseconds(100);

  static const ParameterTable<Constant>& parameters() {
    static const auto table = ParameterTable<Constant>("constant", "always as long")
                                  .optional("base", &Constant::base, "each wait", above_zero);
    return table;
  }

  Duration after(std::uint32_t) const override { return base; }
};

}  // namespace

StrategyKind constant() {
  return strategy_kind<Constant>();
}

}  // namespace soundcheck::backoffs
