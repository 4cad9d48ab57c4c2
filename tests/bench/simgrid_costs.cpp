// What a message through a mailbox and a wait cost between SimGrid actors: the yardstick that
// three_tier_simgrid is held against, so that it is not a straw man.
#include <string>

#include "tests/bench/options.hpp"
#include "tests/bench/result_line.hpp"
#include "tests/bench/simgrid_actors.hpp"

namespace {

using namespace soundcheck::bench;
namespace s4u = simgrid::s4u;

constexpr int kWaiters = 10;  // as many as the 3-tier model has requests in service

// One message at a time goes to and fro between two actors on two hosts.
void start_messages(SimgridActors& simgrid, std::int64_t count) {
  auto* there = s4u::Mailbox::by_name("there");
  auto* back = s4u::Mailbox::by_name("back");
  static int message = 0;
  auto first = s4u::Actor::create("first", simgrid.host(0), [=] {
    for (std::int64_t i = 0; i < count / 2; ++i) {
      SimgridActors::send(there, &message);
      SimgridActors::receive<int>(back);
    }
  });
  auto second = s4u::Actor::create("second", simgrid.host(1), [=] {
    for (std::int64_t i = 0; i < count / 2; ++i) {
      SimgridActors::receive<int>(there);
      SimgridActors::send(back, &message);
    }
  });
  there->set_receiver(second);
  back->set_receiver(first);
}

// Several actors wait at once, for different times.
void start_waits(SimgridActors& simgrid, std::int64_t count) {
  for (int actor = 0; actor < kWaiters; ++actor) {
    const double wait = 0.040 + 0.001 * actor;
    s4u::Actor::create("waiter", simgrid.host(static_cast<std::size_t>(actor)), [=] {
      for (std::int64_t i = 0; i < count / kWaiters; ++i) s4u::this_actor::sleep_for(wait);
    });
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Options options(argc, argv, {"--count", "--what", "--network"});
  const std::int64_t count = options.count("--count", 1'000'000);
  const SimgridActors::Network network = SimgridActors::network(options);
  const std::string_view what = options.text("--what", "messages");
  if (what != "messages" && what != "waits") {
    Options::stop(fmt::format("'--what {}': expected messages or waits", what));
  }
  const bool messages = what == "messages";

  SimgridActors simgrid(argv[0], network, kWaiters);
  if (messages) {
    start_messages(simgrid, count);
  } else {
    start_waits(simgrid, count);
  }
  const Stopwatch stopwatch;
  simgrid.engine().run();
  print({.benchmark = messages ? "messages" : "waits",
         .subject = SimgridActors::subject(network),
         .unit = messages ? "message" : "wait",
         .count = messages ? count / 2 * 2 : count / kWaiters * kWaiters,
         .wall_seconds = stopwatch.seconds()});
}
