// The 3-tier model by hand on the bare heap, ten events a request: the lean upper bound.
#include <deque>
#include <vector>

#include "tests/bench/event_heap.hpp"
#include "tests/bench/options.hpp"
#include "tests/bench/result_line.hpp"
#include "tests/bench/three_tier_model.hpp"

namespace {

using namespace soundcheck::bench;

struct Station {
  int busy = 0;
  std::deque<std::uint32_t> waiting;
};

class ThreeTier {
 public:
  ThreeTier(std::int64_t requests, std::int64_t interval)
      : requests_(requests), interval_(interval) {
    for (std::size_t tier = 0; tier < kTiers.size(); ++tier) {
      stations_[tier].resize(static_cast<std::size_t>(kTiers[tier].replicas));
    }
  }

  void run() {
    heap_.schedule(interval_, &ThreeTier::arrive, 0);
    heap_.run();
  }

  double mean_response_ms() const {
    return static_cast<double>(total_response_) / static_cast<double>(requests_) * 1e-6;
  }

 private:
  struct Request {
    std::int64_t number;
    std::int64_t start;
  };

  static void arrive(void* self, std::uint32_t) {
    auto& model = *static_cast<ThreeTier*>(self);
    const std::uint32_t slot = model.acquire();
    model.slots_[slot] = {model.started_++, model.heap_.now()};
    model.heap_.schedule(kHopNanoseconds, &ThreeTier::enter<0>, slot);
    if (model.started_ == model.requests_) return;
    model.heap_.schedule(model.interval_, &ThreeTier::arrive, 0);
  }

  template <std::size_t tier>
  static void enter(void* self, std::uint32_t slot) {
    auto& model = *static_cast<ThreeTier*>(self);
    Station& station = model.station<tier>(slot);
    if (station.busy == kThreads) {
      station.waiting.push_back(slot);
      return;
    }
    ++station.busy;
    model.heap_.schedule(kTiers[tier].service_nanoseconds, &ThreeTier::served<tier>, slot);
  }

  template <std::size_t tier>
  static void served(void* self, std::uint32_t slot) {
    auto& model = *static_cast<ThreeTier*>(self);
    Station& station = model.station<tier>(slot);
    if (station.waiting.empty()) {
      --station.busy;
    } else {
      model.heap_.schedule(kTiers[tier].service_nanoseconds, &ThreeTier::served<tier>,
                           station.waiting.front());
      station.waiting.pop_front();
    }
    if constexpr (tier + 1 < kTiers.size()) {
      model.heap_.schedule(kHopNanoseconds, &ThreeTier::enter<tier + 1>, slot);
    } else {
      model.heap_.schedule(kHopNanoseconds, &ThreeTier::reply<tier>, slot);
    }
  }

  // A reply of `tier` has arrived one tier above.
  template <std::size_t tier>
  static void reply(void* self, std::uint32_t slot) {
    auto& model = *static_cast<ThreeTier*>(self);
    if constexpr (tier > 0) {
      model.heap_.schedule(kHopNanoseconds, &ThreeTier::reply<tier - 1>, slot);
    } else {
      model.total_response_ += model.heap_.now() - model.slots_[slot].start;
      model.free_.push_back(slot);
    }
  }

  template <std::size_t tier>
  Station& station(std::uint32_t slot) {
    return stations_[tier][static_cast<std::size_t>(replica_for(slots_[slot].number, tier))];
  }

  std::uint32_t acquire() {
    if (free_.empty()) {
      slots_.push_back({});
      return static_cast<std::uint32_t>(slots_.size() - 1);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }

  EventHeap heap_{this};
  std::array<std::vector<Station>, kTiers.size()> stations_;
  std::vector<Request> slots_;
  std::vector<std::uint32_t> free_;
  std::int64_t requests_;
  std::int64_t interval_;
  std::int64_t started_ = 0;
  std::int64_t total_response_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const Options options(argc, argv, {"--requests", "--interval"});
  const std::int64_t requests = options.count("--requests", kDefaultRequests);
  ThreeTier model(requests, options.nanoseconds("--interval", kDefaultIntervalNanoseconds));
  const Stopwatch stopwatch;
  model.run();
  print({.benchmark = "three-tier",
         .subject = "heap",
         .unit = "request",
         .count = requests,
         .wall_seconds = stopwatch.seconds(),
         .mean_response_ms = model.mean_response_ms()});
}
