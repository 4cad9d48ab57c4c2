#include <gtest/gtest.h>

#include <cmath>

#include "models/workload/workload.hpp"
#include "tests/support/one_zone.hpp"

namespace soundcheck {
namespace {

constexpr RpcName kNobody{"station", "nobody", ""};
constexpr Arrivals kConstant{.kind = Arrivals::Kind::kConstant, .rate = Rate::per_second(100)};
constexpr Arrivals kPoisson{.kind = Arrivals::Kind::kPoisson, .rate = Rate::per_second(100)};

// When requests of an open load come within `until`: nobody answers them.
std::vector<Duration> arrivals_of(Arrivals arrivals, std::vector<LoadShape::Point> shape,
                                  Duration until) {
  struct Listener final : EventListener {
    std::vector<Duration> at;
    void on_event(const Event& event) override { at.push_back(event.at.since_start()); }
  };
  World world(Fidelity::kDirect, test::one_zone(1), 1);
  const ProcessId client = world.add_process(world.add_service("clients"), "clients-0", HostId(0));
  SimulatedRuntime runtime(world);
  Listener listener;
  world.events().listen(listener, {EventKind::kRequestStarted});
  WorkloadSpec load;
  load.load.name = "open";
  load.load.arrivals = arrivals;
  load.load.shape.points = std::move(shape);
  load.mix.push_back({"serve", 1, [](RandomStream&, std::uint64_t) {
                        return PreparedRequest{&kNobody, Payload()};
                      }});
  world.start(client);
  Workload workload(runtime, client, std::move(load));
  workload.start();
  world.kernel().run(Time::at(until));
  world.shut_down();
  return listener.at;
}

TEST(OpenLoop, ConstantArrivalsAreSpacedEvenly) {
  const auto at = arrivals_of(kConstant, {}, 10_s);
  ASSERT_EQ(at.size(), 1000U);
  for (std::size_t n = 0; n < at.size(); ++n)
    EXPECT_EQ(at[n], 10_ms * static_cast<std::int64_t>(n + 1));
}

// The n-th comes when the rate, added up over time, has come to n: at 50 t + 2.5 t^2 = n.
TEST(OpenLoop, ConstantArrivalsUnderAShapeAreSpacedByTheRate) {
  const auto at = arrivals_of(kConstant, {{0_s, Percentage::of(0.5)}, {10_s, Percentage::of(1.0)}},
                              10_s + 1_us);
  ASSERT_EQ(at.size(), 750U);
  for (std::size_t i = 0; i < at.size(); ++i) {
    const auto n = static_cast<double>(i + 1);
    const double expected = (-50 + std::sqrt(2500 + 10 * n)) / 5;
    EXPECT_NEAR(at[i].in_seconds(), expected, 1e-6) << n;
  }
}

// Down to nothing within a second, nothing for two, up again within one.
TEST(OpenLoop, ConstantArrivalsWaitWhileTheShapeIsZero) {
  const auto at = arrivals_of(kConstant,
                              {{0_s, Percentage::of(1)},
                               {1_s, Percentage::of(0)},
                               {3_s, Percentage::of(0)},
                               {4_s, Percentage::of(1)}},
                              5_s + 1_us);
  ASSERT_EQ(at.size(), 50U + 50U + 100U);
  EXPECT_LT(at[48], 1_s);  // the 50th is due when the rate is zero: a nanosecond decides
  EXPECT_GT(at[50], 3_s);
  EXPECT_NEAR(at[99].in_seconds(), 4, 1e-6);
  EXPECT_NEAR(at[199].in_seconds(), 5, 1e-6);
}

TEST(OpenLoop, ConstantArrivalsEndWhereTheShapeStaysZero) {
  EXPECT_EQ(
      arrivals_of(kConstant, {{0_s, Percentage::of(1)}, {2_s, Percentage::of(0)}}, 100_s).size(),
      100U);
}

// Poisson(3000): standard deviation 54.8, the 99.9 % interval is 3.29 of them.
TEST(OpenLoop, PoissonArrivalsUnderAShapeComeAtItsRateOnAverage) {
  const auto at =
      arrivals_of(kPoisson, {{0_s, Percentage::of(0.2)}, {50_s, Percentage::of(1.0)}}, 50_s);
  EXPECT_NEAR(static_cast<double>(at.size()), 3000, 180);
}

}  // namespace
}  // namespace soundcheck
