#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/declared/declared_endpoint.hpp"
#include "models/runtime/service_host.hpp"
#include "models/workload/workload.hpp"

namespace soundcheck::test {

// The 3-tier model of tests/bench/README.md on the whole RPC layer: gateway x2, s1 x4, s2 x2
// replicas of 4 FIFO cores each; 4, 40 and 8 ms; a random replica at each tier; 0.1 ms a hop; an
// arrival at a fixed interval.
class ThreeTier {
 public:
  ThreeTier(Fidelity fidelity, std::uint64_t seed, Duration interval, std::uint64_t requests);

  World& world() { return *world_; }
  // Runs until every request has been answered.
  void run();

 private:
  std::unique_ptr<World> world_;
  std::unique_ptr<SimulatedRuntime> runtime_;
  std::unique_ptr<ServiceHost> host_;
  std::vector<std::unique_ptr<DeclaredEndpoint>> endpoints_;
  std::unique_ptr<Workload> workload_;
};

// Mean response time of the requests that ended well, and how many did not.
class MeanResponse final : public EventListener {
 public:
  explicit MeanResponse(EventStream& events) { events.listen(*this, {EventKind::kRequestEnded}); }
  void on_event(const Event& event) override {
    const auto ended = event.as<RequestEnded>();
    if (ended.error) {
      ++failed_;
      return;
    }
    ++succeeded_;
    total_ += ended.took;
  }
  double milliseconds() const {
    return static_cast<double>(total_.count()) * 1e-6 / static_cast<double>(succeeded_);
  }
  std::uint64_t succeeded() const { return succeeded_; }
  std::uint64_t failed() const { return failed_; }

 private:
  Duration total_;
  std::uint64_t succeeded_ = 0;
  std::uint64_t failed_ = 0;
};

}  // namespace soundcheck::test
