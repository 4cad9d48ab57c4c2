#include <gtest/gtest.h>

#include "models/workload/workload.hpp"
#include "tests/support/one_zone.hpp"

namespace soundcheck {
namespace {

constexpr RpcName kServe{"station", "serve", ""};
constexpr Duration kService = 100_ms;

// Requests that `clients` send within ten seconds to a station that takes exactly 100 ms for each,
// all at once, with no distance between them.
std::uint64_t requests_of(std::uint32_t clients, Duration think,
                          std::vector<LoadShape::Point> shape, const RpcName& method = kServe,
                          Duration until = 10_s - 1_ms) {
  Platform platform = test::one_zone(1, {.cores = 100});
  platform.loopback.latency = Duration();
  World world(Fidelity::kDirect, platform, 1);
  const ServiceId from = world.add_service("clients");
  const ServiceId to = world.add_service("station");
  const ProcessId client = world.add_process(from, "clients-0", HostId(0));
  world.add_process(to, "station-0", HostId(0));
  SimulatedRuntime runtime(world);
  MethodBinding binding;
  binding.name = kServe;
  runtime.rpc().add_method(to, binding, {Distribution::constant(kService), 0_B, 0_B});
  WorkloadSpec load;
  load.load.name = "closed";
  load.load.clients = clients;
  load.load.think = Distribution::constant(think);
  load.load.shape.points = std::move(shape);
  load.mix.push_back({"serve", 1, [&method](RandomStream&, std::uint64_t) {
                        return PreparedRequest{&method, Payload()};
                      }});
  for (std::uint32_t i = 0; i < world.process_count(); ++i) world.start(ProcessId(i));
  Workload workload(runtime, client, std::move(load));
  workload.start();
  world.kernel().run(Time::at(until));
  world.shut_down();
  return workload.started();
}

// The interactive response time law: N clients make N / (R + Z) requests a second.
TEST(ClosedLoop, SendsWhatTheInteractiveResponseTimeLawSays) {
  EXPECT_EQ(requests_of(4, Duration(), {}), 400U);
  EXPECT_EQ(requests_of(4, 100_ms, {}), 200U);
}

TEST(ClosedLoop, ShapeIsTheShareOfTheClientsThatAreActive) {
  EXPECT_EQ(requests_of(4, 100_ms, {{0_s, Percentage::of(0.5)}}), 100U);
  EXPECT_EQ(requests_of(4, 100_ms, {{0_s, Percentage::of(1.5)}}), 300U);
  EXPECT_EQ(requests_of(4, 100_ms, {{0_s, Percentage::of(0)}}), 0U);
}

// They once looked at the shape again after no time at all, for ever.
TEST(ClosedLoop, ClientsThatTheShapeLeavesOutDoNotStopTimeThoughTheyDoNotThink) {
  EXPECT_EQ(requests_of(4, Duration(), {{0_s, Percentage::of(0.5)}}), 200U);
}

// Each is somewhere in its first thought when the load begins: of a thousand, half have sent when
// half of it is over. Binomial(1000, 1/2): the 99.9 % interval is 52 to either side.
TEST(ClosedLoop, StartsStaggered) {
  EXPECT_EQ(requests_of(1000, 100_ms, {}, kServe, 0_s), 0U);
  EXPECT_NEAR(static_cast<double>(requests_of(1000, 100_ms, {}, kServe, 50_ms)), 500, 52);
  EXPECT_EQ(requests_of(1000, 100_ms, {}, kServe, 100_ms), 1000U);
}

// What fails at once is answered while it is being sent; the client thinks and sends again.
TEST(ClosedLoop, GoesOnAfterARequestThatIsAnsweredAtOnce) {
  static constexpr RpcName kNobody{"station", "nobody", ""};
  EXPECT_EQ(requests_of(4, 100_ms, {}, kNobody), 400U);
}

}  // namespace
}  // namespace soundcheck
