#include "models/rpc/policies/admission.hpp"

namespace soundcheck::admissions {
namespace {

// A full accept queue refuses connections, and callers learn nothing; this says so, in time.
class QueueLength final : public Admission {
 public:
  std::uint32_t most = 100;

  static const ParameterTable<QueueLength>& parameters() {
    static const auto table =
        ParameterTable<QueueLength>("queue-length", "sheds load: while many wait, more get 503")
            .required("most", &QueueLength::most, "requests that may wait in a replica",
                      between(0, 100'000'000));
    return table;
  }

  std::optional<int> refusal(const ServerLoad& load) override {
    const bool would_wait = load.working >= load.workers;
    return would_wait && load.waiting >= most ? std::optional(503) : std::nullopt;
  }
};

}  // namespace

StrategyKind queue_length() {
  return strategy_kind<QueueLength>();
}

}  // namespace soundcheck::admissions
