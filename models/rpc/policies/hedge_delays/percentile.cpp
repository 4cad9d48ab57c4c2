#include <algorithm>
#include <cstddef>
#include <vector>

#include "models/rpc/policies/hedge_delay.hpp"

namespace soundcheck::hedge_delays {
namespace {

// As in Dean and Barroso, "The Tail at Scale" (2013), and Finagle's backup requests: with 95%, one
// call in twenty is hedged. Who had not answered when the call ended counts with the time until
// then: left out, the slow ones would be missing, and the percentile would sink with every hedge.
class Percentile final : public HedgeDelay {
 public:
  Percentage percentile = Percentage::of(0.95);
  std::int64_t calls = 1000;

  static const ParameterTable<Percentile>& parameters() {
    static const auto table =
        ParameterTable<Percentile>("percentile", "until so many of the last calls were answered")
            .optional("percentile", &Percentile::percentile,
                      "share of the last calls that were answered sooner", above_zero,
                      at_most(Percentage::of(0.999)))
            .optional("calls", &Percentile::calls,
                      "how many are remembered; before some are slower, no call is hedged",
                      between(10, 100'000));
    return table;
  }

  std::string complete() override {
    return beyond(static_cast<std::size_t>(calls)) < 1
               ? "so few calls have none beyond the percentile"
               : "";
  }

  std::optional<Duration> wait() const override {
    if (beyond(sorted_.size()) < 1) return std::nullopt;
    return sorted_[sorted_.size() - beyond(sorted_.size())];
  }

  void learn(Duration took) override {
    if (order_.size() < static_cast<std::size_t>(calls)) {
      order_.push_back(took);
    } else {
      sorted_.erase(std::ranges::lower_bound(sorted_, order_[oldest_]));
      order_[oldest_] = took;
      oldest_ = (oldest_ + 1) % order_.size();
    }
    sorted_.insert(std::ranges::upper_bound(sorted_, took), took);
  }

 private:
  // How many of `count` calls are slower than the percentile.
  std::size_t beyond(std::size_t count) const {
    return static_cast<std::size_t>((1 - percentile.share()) * static_cast<double>(count) + 1e-9);
  }

  std::vector<Duration> order_;   // a ring, once it is full
  std::vector<Duration> sorted_;  // the same
  std::size_t oldest_ = 0;
};

}  // namespace

StrategyKind percentile() {
  return strategy_kind<Percentile>();
}

}  // namespace soundcheck::hedge_delays
