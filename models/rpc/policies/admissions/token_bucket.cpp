#include <algorithm>

#include "models/rpc/policies/admission.hpp"

namespace soundcheck::admissions {
namespace {

// As the generic cell rate algorithm counts (ITU-T I.371): not tokens, but the time at which the
// bucket will be full again, so nothing has to be refilled.
class TokenBucket final : public Admission {
 public:
  Rate rate = Rate::per_second(100);
  std::int64_t burst = 1;

  static const ParameterTable<TokenBucket>& parameters() {
    static const auto table =
        ParameterTable<TokenBucket>("token-bucket", "so many requests a second; more get 429")
            .required("rate", &TokenBucket::rate, "requests that a replica takes in", above_zero,
                      at_most(Rate::per_second(1'000'000)))
            .optional("burst", &TokenBucket::burst, "requests that may come at once",
                      between(1, 1'000'000));
    return table;
  }

  std::optional<int> refusal(const ServerLoad& load) override {
    const Duration token = rate.interval();
    if (full_at_ > load.now + token * (burst - 1)) return 429;
    full_at_ = std::max(full_at_, load.now) + token;
    return std::nullopt;
  }

 private:
  Time full_at_;
};

}  // namespace

StrategyKind token_bucket() {
  return strategy_kind<TokenBucket>();
}

}  // namespace soundcheck::admissions
