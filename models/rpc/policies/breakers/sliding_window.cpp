#include <algorithm>
#include <array>

#include "models/rpc/policies/breaker.hpp"

namespace soundcheck::breakers {
namespace {

// As in Hystrix and Resilience4j. The window moves in tenths.
class SlidingWindow final : public Breaker {
 public:
  Percentage errors = Percentage::of(0.5);
  int calls = 20;
  Duration window = Duration::seconds(10);
  Duration open = Duration::seconds(5);

  static const ParameterTable<SlidingWindow>& parameters() {
    static const auto table =
        ParameterTable<SlidingWindow>("sliding-window",
                                      "Opens when a share of the last attempts has failed.")
            .optional("errors", &SlidingWindow::errors, "share of failed attempts that opens it",
                      above_zero, at_most(Percentage::of(1)))
            .optional("calls", &SlidingWindow::calls,
                      "attempts in the window from which on it may open", between(1, 1'000'000))
            .optional("window", &SlidingWindow::window, "time over which attempts are counted",
                      above_zero)
            .optional("open", &SlidingWindow::open, "time before a call is tried again",
                      above_zero);
    return table;
  }

 protected:
  Duration open_for() const override { return open; }

  bool opens_after(bool failed, Time now) override {
    const std::int64_t width =
        std::max<std::int64_t>(1, window.count() / static_cast<std::int64_t>(kSlices));
    const std::int64_t number = now.count() / width;
    Slice& slice = slices_[static_cast<std::size_t>(number) % kSlices];
    if (slice.number != number) slice = {.number = number};
    ++slice.attempts;
    if (failed) ++slice.failures;
    return failed && too_many_failures(number);
  }

  void reset() override { slices_ = {}; }

 private:
  static constexpr std::size_t kSlices = 10;
  struct Slice {
    std::int64_t number = -1;  // which tenth of a window since the start of the run
    std::uint32_t attempts = 0;
    std::uint32_t failures = 0;
  };

  bool too_many_failures(std::int64_t now) const {
    std::int64_t attempts = 0;
    std::int64_t failures = 0;
    for (const Slice& slice : slices_) {
      if (slice.number <= now - static_cast<std::int64_t>(kSlices)) continue;
      attempts += slice.attempts;
      failures += slice.failures;
    }
    return attempts >= calls &&
           static_cast<double>(failures) >= errors.share() * static_cast<double>(attempts);
  }

  std::array<Slice, kSlices> slices_{};
};

}  // namespace

StrategyKind sliding_window() {
  return strategy_kind<SlidingWindow>();
}

}  // namespace soundcheck::breakers
