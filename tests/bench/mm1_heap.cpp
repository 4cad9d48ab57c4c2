// An M/M/1 queue by hand on the bare heap: 8 customers a second arrive, 10 a second are served, so
// the mean response is 1 / (10 - 8) = 0.5 s.
#include <deque>

#include "tests/bench/event_heap.hpp"
#include "tests/bench/options.hpp"
#include "tests/bench/random.hpp"
#include "tests/bench/result_line.hpp"

namespace {

using namespace soundcheck::bench;

class Queue {
 public:
  explicit Queue(std::int64_t customers) : customers_(customers) {}

  void run() {
    heap_.schedule(arrivals_.exponential(kInterarrivalNanoseconds), &Queue::arrive, 0);
    heap_.run();
  }

  double mean_response_ms() const {
    return static_cast<double>(total_response_) / static_cast<double>(customers_) * 1e-6;
  }

 private:
  static constexpr double kInterarrivalNanoseconds = 1e9 / 8;
  static constexpr double kServiceNanoseconds = 1e9 / 10;

  static void arrive(void* self, std::uint32_t) {
    auto& queue = *static_cast<Queue*>(self);
    queue.waiting_.push_back(queue.heap_.now());
    if (queue.waiting_.size() == 1) queue.serve();
    if (++queue.arrived_ == queue.customers_) return;
    queue.heap_.schedule(queue.arrivals_.exponential(kInterarrivalNanoseconds), &Queue::arrive, 0);
  }

  static void leave(void* self, std::uint32_t) {
    auto& queue = *static_cast<Queue*>(self);
    queue.total_response_ += queue.heap_.now() - queue.waiting_.front();
    queue.waiting_.pop_front();
    if (!queue.waiting_.empty()) queue.serve();
  }

  void serve() { heap_.schedule(services_.exponential(kServiceNanoseconds), &Queue::leave, 0); }

  EventHeap heap_{this};
  Random arrivals_{1};
  Random services_{2};
  std::deque<std::int64_t> waiting_;  // arrival times; the first one is in service
  std::int64_t customers_;
  std::int64_t arrived_ = 0;
  std::int64_t total_response_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const Options options(argc, argv, {"--requests"});
  const std::int64_t customers = options.count("--requests", 1'000'000);

  Queue queue(customers);
  const Stopwatch stopwatch;
  queue.run();
  print({.benchmark = "mm1",
         .subject = "heap",
         .unit = "request",
         .count = customers,
         .wall_seconds = stopwatch.seconds(),
         .mean_response_ms = queue.mean_response_ms()});
}
