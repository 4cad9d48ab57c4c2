#include <algorithm>

#include "models/rpc/policies/backoff.hpp"

namespace soundcheck::backoffs {
namespace {

class Linear final : public Backoff {
 public:
  Duration base = Duration::milliseconds(100);
  std::optional<Duration> max;  // always there after complete()

  static const ParameterTable<Linear>& parameters() {
    static const auto table =
        ParameterTable<Linear>("linear", "longer by as much each time")
            .optional("base", &Linear::base, "the first wait, and what is added", above_zero)
            .optional("max", &Linear::max, "the longest wait; left out: 10s", above_zero);
    return table;
  }

  std::string complete() override {
    if (!max) max = std::max(base, Duration::seconds(10));
    return *max < base ? "the largest back-off lies below the first one" : "";
  }
  Duration after(std::uint32_t attempts) const override {
    return attempts <= max->count() / base.count() ? base * attempts : *max;
  }
};

}  // namespace

StrategyKind linear() {
  return strategy_kind<Linear>();
}

}  // namespace soundcheck::backoffs
