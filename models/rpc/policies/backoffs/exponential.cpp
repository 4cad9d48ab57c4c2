#include <algorithm>

#include "models/rpc/policies/backoff.hpp"

namespace soundcheck::backoffs {
namespace {

class Exponential final : public Backoff {
 public:
  Duration base = Duration::milliseconds(100);
  std::optional<Duration> max;  // always there after complete()

  static const ParameterTable<Exponential>& parameters() {
    static const auto table =
        ParameterTable<Exponential>("exponential", "twice as long each time")
            .optional("base", &Exponential::base, "the first wait", above_zero)
            .optional("max", &Exponential::max, "the longest wait; left out: 10s", above_zero);
    return table;
  }

  std::string complete() override {
    if (!max) max = std::max(base, Duration::seconds(10));
    return *max < base ? "the largest back-off lies below the first one" : "";
  }
  Duration after(std::uint32_t attempts) const override {
    Duration wait = base;
    for (std::uint32_t i = 1; i < attempts && wait < *max; ++i) wait += std::min(wait, *max - wait);
    return wait;
  }
};

}  // namespace

StrategyKind exponential() {
  return strategy_kind<Exponential>();
}

}  // namespace soundcheck::backoffs
