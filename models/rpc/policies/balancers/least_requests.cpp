#include "models/rpc/policies/balancer.hpp"

namespace soundcheck::balancers {
namespace {

// Those that have as few take turns.
class LeastRequests final : public Balancer {
 public:
  static const ParameterTable<LeastRequests>& parameters() {
    static const auto table = ParameterTable<LeastRequests>(
        "least-requests", "the one with the fewest requests under way");
    return table;
  }

  std::size_t pick(const Candidates& candidates) override {
    const std::size_t first = candidates.caller.index() + turns_++;
    std::size_t best = first % candidates.count();
    for (std::size_t i = 1; i < candidates.count(); ++i) {
      const std::size_t candidate = (first + i) % candidates.count();
      if (candidates.outstanding(candidate) < candidates.outstanding(best)) best = candidate;
    }
    return best;
  }

 private:
  std::uint32_t turns_ = 0;
};

}  // namespace

StrategyKind least_requests() {
  return strategy_kind<LeastRequests>();
}

}  // namespace soundcheck::balancers
