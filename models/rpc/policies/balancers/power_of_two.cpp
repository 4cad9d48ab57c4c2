#include "models/rpc/policies/balancer.hpp"

namespace soundcheck::balancers {
namespace {

// Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001.
class PowerOfTwo final : public Balancer {
 public:
  static const ParameterTable<PowerOfTwo>& parameters() {
    static const auto table =
        ParameterTable<PowerOfTwo>("power-of-two", "the less busy one of two drawn at random");
    return table;
  }

  std::size_t pick(const Candidates& candidates) override {
    RandomStream& random = candidates.random();
    const std::size_t first = random.below(candidates.count());
    std::size_t second = random.below(candidates.count() - 1);
    if (second >= first) ++second;
    return candidates.outstanding(second) < candidates.outstanding(first) ? second : first;
  }
};

}  // namespace

StrategyKind power_of_two() {
  return strategy_kind<PowerOfTwo>();
}

}  // namespace soundcheck::balancers
