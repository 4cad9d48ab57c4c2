#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"
#include "sim/core/usage_meter.hpp"
#include "sim/kernel/activity_table.hpp"
#include "sim/kernel/platform.hpp"

namespace soundcheck {

// What was used of a host.
struct HostUse {
  UsageMeter cores;
  UsageMeter disk;
  std::int64_t bytes_sent = 0;  // handed to its own links, whether or not they arrived
  std::int64_t bytes_received = 0;
};

// What was used of all hosts so far, for reports: a side of every kernel, so that whoever only uses
// a kernel need not know of it.
class HostMeters {
 public:
  explicit HostMeters(const Platform& platform) {
    for (const HostSpec& host : platform.hosts)
      use_.push_back({.cores = UsageMeter(static_cast<std::uint32_t>(host.cores)), .disk = {}});
  }
  const HostUse& use(HostId host) const { return use_[host.index()]; }

 protected:
  ~HostMeters() = default;

  UsageMeter& meter_of(const Activity& work) {
    HostUse& use = use_[work.from.index()];
    return work.kind == ActivityKind::kComputation ? use.cores : use.disk;
  }
  void count_message(HostId from, HostId to, std::int64_t bytes) {
    if (from == to) return;
    use_[from.index()].bytes_sent += bytes;
    use_[to.index()].bytes_received += bytes;
  }
  void clear_use(HostId host, Time now) {
    use_[host.index()].cores.clear(now);
    use_[host.index()].disk.clear(now);
  }

  std::vector<HostUse> use_;  // by host
};

}  // namespace soundcheck
