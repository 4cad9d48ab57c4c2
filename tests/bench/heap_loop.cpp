// What one timer event costs on a bare heap: each of `--outstanding` timers, when it fires, is set
// again a random time ahead, so the heap stays full.
#include "tests/bench/event_heap.hpp"
#include "tests/bench/options.hpp"
#include "tests/bench/random.hpp"
#include "tests/bench/result_line.hpp"

namespace {

using namespace soundcheck::bench;

struct Timers {
  EventHeap heap{this};
  Random random{1};

  void set(std::uint32_t timer) {
    const auto delay = static_cast<std::int64_t>(random.bits() % 1'000'000);
    heap.schedule(
        delay, [](void* self, std::uint32_t fired) { static_cast<Timers*>(self)->set(fired); },
        timer);
  }
};

}  // namespace

int main(int argc, char** argv) {
  const Options options(argc, argv, {"--events", "--outstanding"});
  const std::int64_t events = options.count("--events", 20'000'000);
  const std::int64_t outstanding = options.count("--outstanding", 1'000);

  Timers timers;
  for (std::int64_t i = 0; i < outstanding; ++i) timers.set(static_cast<std::uint32_t>(i));
  const Stopwatch stopwatch;
  timers.heap.run(events);
  print({.benchmark = "timers",
         .subject = "heap",
         .unit = "event",
         .count = timers.heap.fired(),
         .wall_seconds = stopwatch.seconds()});
}
