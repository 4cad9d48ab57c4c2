#include "models/rpc/policies/balancer.hpp"

namespace soundcheck::balancers {
namespace {

class Random final : public Balancer {
 public:
  static const ParameterTable<Random>& parameters() {
    static const auto table = ParameterTable<Random>("random", "any, each as likely");
    return table;
  }

  std::size_t pick(const Candidates& candidates) override {
    return candidates.random().below(candidates.count());
  }
};

}  // namespace

StrategyKind random() {
  return strategy_kind<Random>();
}

}  // namespace soundcheck::balancers
