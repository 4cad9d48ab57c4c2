// Connections, message by message: what either end learns, and when.
#include "models/transport/transport.hpp"
#include "tests/support/one_zone.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace soundcheck {
namespace {

using Log = std::vector<std::string>;

// A client and a server on hosts of their own, one way between which takes exactly 1 ms, and a
// protocol that writes down what it is told: "<ms> <what>".
class TwoEnds final : public Protocol {
 public:
  static constexpr std::uint64_t kOwner = 7;

  explicit TwoEnds(ConnectionOptions asked = {})
      : world(Fidelity::kDirect, test::one_zone(2, test::linked_by(500_us)), 1), options(asked) {
    client = world.add_process(world.add_service("client"), "client-0", HostId(0));
    server = world.add_process(world.add_service("server"), "server-0", HostId(1));
    transport.emplace(world, *this);
    world.start(client);
    world.start(server);
  }

  void on_connected(std::uint64_t owner, ConnectionId id) override {
    EXPECT_EQ(owner, kOwner);
    EXPECT_EQ(id, connection);
    note("connected");
  }
  void on_broken(std::uint64_t owner, Broken how) override {
    EXPECT_EQ(owner, kOwner);
    constexpr const char* kHow[] = {"refused", "unreachable", "reset", "given up"};
    note(kHow[static_cast<int>(how)]);
  }
  void on_owner_died(std::uint64_t owner) override {
    EXPECT_EQ(owner, kOwner);
    note("owner died");
  }
  void on_message(std::uint64_t message, End at) override {
    note(fmt::format("{} got {}", at == End::kServer ? "server" : "client", message));
  }
  void on_message_lost(std::uint64_t message) override { note(fmt::format("lost {}", message)); }
  void on_closed(std::uint64_t message) override { note(fmt::format("closed after {}", message)); }

  void connect() { connection = transport->connect(client, server, options, kOwner); }
  void connect_and_forget() {
    connect();
    run_until(100_ms);
    log.clear();
  }
  void send(End from, std::uint64_t message) {
    EXPECT_TRUE(transport->send(connection, from, 100, message));
  }
  NetworkRuleId partition() {
    return world.network().add_rule(
        {.from = {true, false}, .to = {false, true}, .both_ways = true, .cut = true});
  }
  void run_until(Duration at) {
    world.kernel().schedule(Time::at(at), {[](void*, std::uint64_t) {}, nullptr, 0});
    world.kernel().run(Time::at(at));
  }
  void run() { world.kernel().run(Time::at(1_h)); }

  World world;
  ConnectionOptions options;
  ProcessId client;
  ProcessId server;
  std::optional<Transport> transport;
  ConnectionId connection;
  Log log;

 private:
  void note(std::string_view what) {
    log.push_back(fmt::format("{} {}", world.now().since_start().in_milliseconds(), what));
  }
};

TEST(Transport, ConnectsInARoundTripAndWithTlsInTwo) {
  TwoEnds plain;
  plain.connect();
  plain.run();
  EXPECT_EQ(plain.log, Log{"2 connected"});
  TwoEnds tls({.tls = true});
  tls.connect();
  EXPECT_FALSE(tls.transport->established(tls.connection));
  tls.run();
  EXPECT_EQ(tls.log, Log{"4 connected"});
  EXPECT_TRUE(tls.transport->established(tls.connection));
}

TEST(Transport, KeepsAConnectionForTheNextOwner) {
  TwoEnds ends;
  ends.connect_and_forget();
  EXPECT_FALSE(ends.transport->take(ends.client, ends.server, 8).valid());
  ends.transport->keep(ends.connection);
  EXPECT_FALSE(ends.transport->take(ends.server, ends.client, 8).valid()) << "the other way";
  EXPECT_EQ(ends.transport->take(ends.client, ends.server, TwoEnds::kOwner), ends.connection);
  EXPECT_FALSE(ends.transport->take(ends.client, ends.server, 9).valid());
  ends.send(End::kClient, 1);
  ends.run_until(200_ms);
  ends.send(End::kServer, 2);
  ends.run();
  EXPECT_EQ(ends.log, (Log{"101 server got 1", "201 client got 2"}));
}

TEST(Transport, IsRefusedARoundTripLaterWhereNobodyListens) {
  TwoEnds down;
  down.world.crash(down.server);
  down.connect();
  down.run();
  EXPECT_EQ(down.log, Log{"2 refused"});
  TwoEnds deaf;
  deaf.transport->set_listening(deaf.server, false);
  deaf.connect();
  deaf.run();
  EXPECT_EQ(deaf.log, Log{"2 refused"});
}

// 1 + 2 + 4 + 8 + 16 + 32 s after the first SYN goes the seventh, and is lost.
TEST(Transport, GivesUpConnectingAfterAMinuteOfSilence) {
  TwoEnds ends;
  ends.partition();
  ends.connect();
  ends.run();
  EXPECT_EQ(ends.log, Log{"63000 unreachable"});
}

TEST(Transport, ConnectsWhenAPartitionHealsAtTheNextSyn) {
  TwoEnds ends;
  const NetworkRuleId rule = ends.partition();
  ends.connect();
  ends.run_until(2_s);
  ends.world.network().remove_rule(rule);
  ends.run();
  EXPECT_EQ(ends.log, Log{"3002 connected"});
}

TEST(Transport, SendsALostMessageAgainUntilItArrives) {
  TwoEnds ends;
  ends.connect_and_forget();
  const NetworkRuleId rule = ends.partition();
  ends.send(End::kClient, 1);
  ends.run_until(100_ms + 1_s);
  ends.world.network().remove_rule(rule);
  ends.run();
  EXPECT_EQ(ends.log, Log{"1501 server got 1"}) << "sent again after 200, 600, 1400 ms";
}

// 200 ms * (2^9 - 1) after the first.
TEST(Transport, GivesAConnectionUpWhenNothingIsAcknowledgedForLong) {
  TwoEnds ends;
  ends.connect_and_forget();
  ends.partition();
  ends.send(End::kClient, 1);
  ends.run();
  EXPECT_EQ(ends.log, (Log{"102300 lost 1", "102300 given up"}));
  EXPECT_FALSE(ends.transport->open_at_client(ends.connection));
}

TEST(Transport, ResetsAClientOneLatencyAfterItsServerCrashes) {
  TwoEnds ends;
  ends.connect_and_forget();
  ends.send(End::kClient, 1);
  ends.run_until(110_ms);
  ends.world.crash(ends.server);
  ends.run();
  EXPECT_EQ(ends.log, (Log{"101 server got 1", "110 lost 1", "111 reset"}));
}

TEST(Transport, LeavesAClientInTheDarkWhenTheResetIsLost) {
  TwoEnds ends;
  ends.connect_and_forget();
  const NetworkRuleId rule = ends.partition();
  ends.world.crash(ends.server);
  ends.run_until(1_s);
  ends.world.network().remove_rule(rule);
  ends.world.start(ends.server);
  EXPECT_EQ(ends.log, Log{});
  ends.send(End::kClient, 1);
  ends.run();
  EXPECT_EQ(ends.log, (Log{"1001 lost 1", "1002 reset"})) << "the server knows no such connection";
}

TEST(Transport, ForgetsKeptConnectionsWhenTheyAreReset) {
  TwoEnds ends;
  ends.connect_and_forget();
  ends.transport->keep(ends.connection);
  ends.world.crash(ends.server);
  ends.run_until(101_ms);
  EXPECT_FALSE(ends.transport->take(ends.client, ends.server, 8).valid());
  EXPECT_EQ(ends.log, Log{}) << "nobody uses it";
}

TEST(Transport, IsSilentAboutAHostWithoutPower) {
  TwoEnds ends;
  ends.connect_and_forget();
  ends.world.set_host_down(HostId(1));
  ends.send(End::kClient, 1);
  ends.run_until(10_s);
  EXPECT_EQ(ends.log, Log{});
  ends.world.set_host_up(HostId(1));
  ends.run();
  // Sent again 12.6 s after the first.
  EXPECT_EQ(ends.log, (Log{"12701 lost 1", "12702 reset"}));
}

TEST(Transport, DeliversAnAnswerThatWasUnderWayWhenItsServerCrashed) {
  TwoEnds ends;
  ends.connect_and_forget();
  ends.send(End::kClient, 1);
  ends.run_until(110_ms);
  ends.send(End::kServer, 2);
  ends.world.crash(ends.server);
  ends.run();
  EXPECT_EQ(ends.log, (Log{"101 server got 1", "111 client got 2", "111 reset"}));
}

TEST(Transport, DeliversNothingToAClosedEnd) {
  TwoEnds ends;
  ends.connect_and_forget();
  ends.send(End::kClient, 1);
  ends.transport->close(ends.connection);
  ends.run_until(200_ms);
  EXPECT_EQ(ends.log, Log{"101 server got 1"}) << "it had left";
  EXPECT_FALSE(ends.transport->send(ends.connection, End::kServer, 100, 2));
  ends.run();
  EXPECT_EQ(ends.log.size(), 1U);
}

TEST(Transport, TellsAServerThatLooksAfterItsClients) {
  const auto gone = [](auto&& end) {
    TwoEnds ends({.keep_alive = 30_s});
    ends.connect_and_forget();
    ends.send(End::kClient, 1);
    ends.run_until(110_ms);
    end(ends);
    ends.log.clear();
    ends.run();
    return ends.log;
  };
  const Log at_once{"111 closed after 1"};
  const Log after_keep_alive{"30110 closed after 1"};
  EXPECT_EQ(gone([](TwoEnds& ends) { ends.transport->close(ends.connection); }), at_once);
  EXPECT_EQ(gone([](TwoEnds& ends) { ends.world.crash(ends.client); }), at_once);
  EXPECT_EQ(gone([](TwoEnds& ends) { ends.world.set_host_down(HostId(0)); }), after_keep_alive);
  EXPECT_EQ(gone([](TwoEnds& ends) {
              ends.partition();
              ends.world.crash(ends.client);
            }),
            after_keep_alive);
}

TEST(Transport, ReadsWhatAClientHasSentBeforeItsClose) {
  TwoEnds ends({.keep_alive = 30_s});
  ends.connect_and_forget();
  const NetworkRuleId slow = ends.world.network().add_rule(
      {.from = {true, false}, .to = {false, true}, .extra_delay = [] { return Duration(50_ms); }});
  ends.send(End::kClient, 1);
  ends.world.network().remove_rule(slow);
  ends.world.crash(ends.client);
  ends.run();
  EXPECT_EQ(ends.log, (Log{"100 owner died", "151 server got 1", "151 closed after 1"}));
}

TEST(Transport, OfAPausedServerAcceptsAndAcknowledgesAndIsSilent) {
  TwoEnds ends;
  const ProcessPause pause = ends.world.pause(ends.server);
  ends.connect();
  ends.run_until(100_ms);
  ends.send(End::kClient, 1);
  ends.run_until(5_s);
  EXPECT_EQ(ends.log, Log{"2 connected"});
  ends.world.resume(pause);
  ends.run();
  EXPECT_EQ(ends.log, (Log{"2 connected", "5000 server got 1"}));
}

TEST(Transport, OfAPausedServerMakesNoTlsConnection) {
  TwoEnds ends({.tls = true});
  const ProcessPause pause = ends.world.pause(ends.server);
  ends.connect();
  ends.run_until(5_s);
  EXPECT_EQ(ends.log, Log{});
  ends.world.resume(pause);
  ends.run();
  EXPECT_EQ(ends.log, Log{"5001 connected"});
}

TEST(Transport, OfAPausedClientHoldsWhatItIsToldInOrder) {
  TwoEnds ends;
  ends.connect_and_forget();
  ends.send(End::kClient, 1);
  ends.run_until(110_ms);
  const ProcessPause pause = ends.world.pause(ends.client);
  ends.send(End::kServer, 2);
  ends.run_until(120_ms);
  ends.world.crash(ends.server);
  ends.run_until(5_s);
  ends.world.resume(pause);
  ends.run();
  EXPECT_EQ(ends.log, (Log{"101 server got 1", "5000 client got 2", "5000 reset"}));
}

TEST(Transport, ResetsWhatAPausedServerHadTakenWhenItIsKilled) {
  TwoEnds ends;
  ends.connect_and_forget();
  ends.world.pause(ends.server);
  ends.send(End::kClient, 1);
  ends.run_until(1_s);
  ends.world.crash(ends.server);
  ends.run();
  EXPECT_EQ(ends.log, (Log{"1000 lost 1", "1001 reset"}));
}

}  // namespace
}  // namespace soundcheck
