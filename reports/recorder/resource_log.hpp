#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/core/usage_meter.hpp"

namespace soundcheck {

enum class ResourceKind : std::uint8_t { kCores, kDisk, kLink, kConnections, kWorkers };
std::string_view name_of(ResourceKind kind);  // "cores"

// Something of which there is only so much, in one place: the cores of a host, the connections of a
// replica's pool.
struct Resource {
  ResourceKind kind{};
  std::string owner;    // "payments"; several places of one owner are reported together
  double capacity = 1;  // units of it
  // What was used of it so far; empty of workers, whose work events tell.
  std::function<UsageMeter::Total(Time)> total;
};

// What was used of resources during the load: on average, and in the busiest stretch of it. Asks
// them every ten seconds, so it costs nothing while they are used.
class ResourceLog {
 public:
  static constexpr Duration kStretch = Duration::seconds(10);

  struct Use {
    double used = 0;    // unit seconds
    double waited = 0;  // seconds of those who waited
    // The largest share of the capacity in a stretch; of a load that is shorter, in all of it.
    double busiest = 0;
  };

  explicit ResourceLog(std::vector<Resource> resources)
      : resources_(std::move(resources)), uses_(resources_.size()), begun_(resources_.size()) {}

  void load_started(Time at);
  // Call it as often as you like, with a time that does not go back.
  void watch(Time at) {
    if (loading_ && at - stretch_start_ >= kStretch) end_stretch(at);
  }
  void load_ended(Time at);

  const std::vector<Resource>& resources() const { return resources_; }
  const std::vector<Use>& uses() const { return uses_; }  // by resource

 private:
  void end_stretch(Time at);

  std::vector<Resource> resources_;
  std::vector<Use> uses_;
  std::vector<UsageMeter::Total> begun_;  // at the start of the stretch
  Time load_start_;
  Time stretch_start_;
  bool loading_ = false;
};

}  // namespace soundcheck
