#include "reports/recorder/request_tally.hpp"

#include <algorithm>

namespace soundcheck {

void RequestTally::merge(const RequestTally& other) {
  started += other.started;
  ok += other.ok;
  failed += other.failed;
  unknown += other.unknown;
  latency.merge(other.latency);
  slowest_failure = std::max(slowest_failure, other.slowest_failure);
}

void RequestTally::clear() {
  started = ok = failed = unknown = 0;
  latency.clear();
  slowest_failure = {};
}

}  // namespace soundcheck
