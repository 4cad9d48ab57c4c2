#include "reports/recorder/resource_log.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace soundcheck {

std::string_view name_of(ResourceKind kind) {
  static constexpr std::array<std::string_view, 5> kNames{"cores", "disk", "link", "connections",
                                                          "workers"};
  return kNames[static_cast<std::size_t>(kind)];
}

void ResourceLog::load_started(Time at) {
  loading_ = true;
  load_start_ = stretch_start_ = at;
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    if (resources_[i].total) begun_[i] = resources_[i].total(at);
  }
}

void ResourceLog::load_ended(Time at) {
  if (loading_ && at > stretch_start_) end_stretch(at);
  loading_ = false;
}

// What is left of the load at its end counts for the average; it is a stretch of its own only when
// there is no other.
void ResourceLog::end_stretch(Time at) {
  const double seconds = (at - stretch_start_).in_seconds();
  const bool counts = at - stretch_start_ >= kStretch || stretch_start_ == load_start_;
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    const Resource& resource = resources_[i];
    if (!resource.total) continue;
    const UsageMeter::Total total = resource.total(at);
    const double used = total.used - begun_[i].used;
    Use& use = uses_[i];
    use.used += used;
    use.waited += total.waited - begun_[i].waited;
    if (counts) use.busiest = std::max(use.busiest, used / (seconds * resource.capacity));
    begun_[i] = total;
  }
  stretch_start_ = at;
}

}  // namespace soundcheck
