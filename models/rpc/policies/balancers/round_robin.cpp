#include "models/rpc/policies/balancer.hpp"

namespace soundcheck::balancers {
namespace {

class RoundRobin final : public Balancer {
 public:
  static const ParameterTable<RoundRobin>& parameters() {
    static const auto table = ParameterTable<RoundRobin>("round-robin", "one after the other");
    return table;
  }

  // Callers start at different replicas, or all of them would hit the first one at once.
  std::size_t pick(const Candidates& candidates) override {
    return (candidates.caller.index() + turns_++) % candidates.count();
  }

 private:
  std::uint32_t turns_ = 0;
};

}  // namespace

StrategyKind round_robin() {
  return strategy_kind<RoundRobin>();
}

}  // namespace soundcheck::balancers
