#include "models/rpc/policies/breaker.hpp"

namespace soundcheck::breakers {
namespace {

// As Finagle's, or Cockatiel's ConsecutiveBreaker: one success among the failures, and it begins to
// count anew.
class Consecutive final : public Breaker {
 public:
  int failures = 5;
  Duration open = Duration::seconds(5);

  static const ParameterTable<Consecutive>& parameters() {
    static const auto table =
        ParameterTable<Consecutive>("consecutive", "Opens after so many failures in a row.")
            .optional("failures", &Consecutive::failures, "failed attempts in a row that open it",
                      between(1, 1'000'000))
            .optional("open", &Consecutive::open, "time before a call is tried again", above_zero);
    return table;
  }

 protected:
  Duration open_for() const override { return open; }
  bool opens_after(bool failed, Time) override {
    in_a_row_ = failed ? in_a_row_ + 1 : 0;
    return in_a_row_ >= failures;
  }
  void reset() override { in_a_row_ = 0; }

 private:
  int in_a_row_ = 0;
};

}  // namespace

StrategyKind consecutive() {
  return strategy_kind<Consecutive>();
}

}  // namespace soundcheck::breakers
