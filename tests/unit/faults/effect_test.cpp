// Whether a strike has changed anything in the world.
#include <gtest/gtest.h>

#include "tests/unit/faults/fault_fixture.hpp"
#include "tests/unit/models/rpc/call_fixture.hpp"

namespace soundcheck {
namespace {

// Effective strikes of each fault, when all have healed.
std::vector<std::uint64_t> effective_after(FaultInjector& injector) {
  injector.heal_all();
  std::vector<std::uint64_t> counts;
  for (std::size_t i = 0; i < injector.size(); ++i) counts.push_back(injector.effective(i));
  return counts;
}
using Counts = std::vector<std::uint64_t>;

FaultSpec host_off(Duration at, Duration lasts) {
  FaultSpec spec = fault_of("host.down");
  spec.at = at;
  spec.lasts = lasts;
  spec.target.host = "host-0";
  return spec;
}

TEST(Effect, OfAHostThatIsDownAlreadyIsThatItStaysDownLonger) {
  for (const auto& [second, effect] :
       {std::pair(host_off(2_s, 1_s), 0U), std::pair(host_off(2_s, 20_s), 1U)}) {
    QuietWorld quiet;
    FaultInjector injector(quiet.world, {host_off(1_s, 10_s), second});
    injector.start();
    quiet.run_until(30_s);
    EXPECT_EQ(effective_after(injector), (Counts{1, effect}));
  }
}

TEST(Effect, OfACrashIsThatAProcessEnds) {
  QuietWorld quiet;
  FaultSpec crash = crash_of("payments", replica(0), 2_s);
  crash.every = Distribution::constant(10_s);
  FaultInjector injector(quiet.world, {crash});
  injector.start();
  quiet.run_until(35_s);
  EXPECT_EQ(effective_after(injector), Counts{3});
}

TEST(Effect, OfAPauseIsThatAProcessStandsStillForIt) {
  const auto pause = [](Duration at, Duration lasts) {
    FaultSpec spec = fault_of("process.pause");
    spec.at = at;
    spec.lasts = lasts;
    spec.target.service = "payments";
    spec.target.replica = replica(0);
    return spec;
  };
  for (const auto& [second, effect] :
       {std::pair(pause(2_s, 1_s), 0U), std::pair(pause(2_s, 20_s), 1U)}) {
    QuietWorld quiet;
    FaultInjector injector(quiet.world, {pause(1_s, 10_s), second});
    injector.start();
    quiet.run_until(30_s);
    EXPECT_EQ(effective_after(injector), (Counts{1, effect}));
  }
}

TEST(Effect, OfNetworkFaultsIsAMessageThatIsHit) {
  const auto hits = [](const char* kind, std::vector<std::pair<std::string, std::string>> settings,
                       bool a_message_is_sent) {
    QuietWorld quiet;
    FaultSpec spec = fault_of(kind, std::move(settings));
    spec.at = 1_s;
    spec.lasts = 5_s;
    spec.target.from = "payments";
    spec.target.to = "auth";
    FaultInjector injector(quiet.world, {spec});
    injector.start();
    quiet.run_until(2_s);
    if (a_message_is_sent) quiet.takes(quiet.payments[1], quiet.auth[1]);
    quiet.takes(quiet.clients, quiet.auth[1]);  // not on the route
    return effective_after(injector);
  };
  EXPECT_EQ(hits("network.partition", {}, true), Counts{1});
  EXPECT_EQ(hits("network.partition", {}, false), Counts{0});
  EXPECT_EQ(hits("network.delay", {{"delay", "10ms"}}, true), Counts{1});
  EXPECT_EQ(hits("network.delay", {{"delay", "10ms"}}, false), Counts{0});
  EXPECT_EQ(hits("network.delay", {{"delay", "0ms"}}, true), Counts{0}) << "nothing was held back";
}

TEST(Effect, OfADelayBehindAPartitionIsNone) {
  QuietWorld quiet;
  FaultSpec delay = fault_of("network.delay", {{"delay", "10ms"}});
  FaultSpec cut = fault_of("network.partition");
  for (FaultSpec* const spec : {&delay, &cut}) {
    spec->at = 1_s;
    spec->target.from = "payments";
  }
  FaultInjector injector(quiet.world, {delay, cut});
  injector.start();
  quiet.run_until(2_s);
  quiet.takes(quiet.payments[1], quiet.auth[1]);
  EXPECT_EQ(effective_after(injector), (Counts{0, 1})) << "the message was lost, not late";
}

TEST(Effect, OfAnErrorIsAnAnswer) {
  for (const auto& [at, effect] : {std::pair(2_s, 1U), std::pair(20_s, 0U)}) {
    CallFixture calls({});
    FaultSpec error = fault_of("rpc.error");
    error.at = 1_s;
    error.lasts = 10_s;
    error.target.service = "callee";
    FaultInjector injector(calls.world, {error});
    injector.start();
    calls.call_at(at);
    calls.run();
    EXPECT_EQ(effective_after(injector), Counts{effect});
  }
}

TEST(Effect, IsToldAtTheEndOfAStrike) {
  QuietWorld quiet;
  struct Listener final : EventListener {
    void on_event(const Event& event) override {
      effects.push_back(event.as<FaultEnded>().effects);
    }
    std::vector<std::uint64_t> effects;
  } listener;
  quiet.world.events().listen(listener, {EventKind::kFaultEnded});
  FaultSpec crash = crash_of("payments", {ReplicaRole::Kind::kAll}, 2_s);
  crash.at = 1_s;
  FaultSpec cut = fault_of("network.partition");
  cut.at = 1_s;
  cut.lasts = 5_s;
  cut.target.from = "auth";
  FaultInjector injector(quiet.world, {crash, cut});
  injector.start();
  quiet.run_until(10_s);
  EXPECT_EQ(listener.effects, (std::vector<std::uint64_t>{6, 0}));
}

}  // namespace
}  // namespace soundcheck
