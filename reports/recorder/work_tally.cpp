#include "reports/recorder/work_tally.hpp"

#include <algorithm>

namespace soundcheck {

void WorkTally::merge(const WorkTally& other) {
  started += other.started;
  ok += other.ok;
  failed += other.failed;
  unknown += other.unknown;
  latency.merge(other.latency);
  slowest_failure = std::max(slowest_failure, other.slowest_failure);
  ended_within += other.ended_within;
  ok_within += other.ok_within;
  most_open = std::max(most_open, other.most_open);
}

void WorkTally::clear(std::uint32_t open) {
  started = ok = failed = unknown = ended_within = ok_within = 0;
  latency.clear();
  slowest_failure = {};
  most_open = open;
}

}  // namespace soundcheck
