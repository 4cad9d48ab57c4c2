#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/kernel/activity_table.hpp"
#include "sim/kernel/link_star.hpp"

namespace soundcheck {

// Which messages are on which links, and at what speed one goes that shares none of its links. A
// link has either one message that is alone on its whole route, or any number that share in
// SimGrid.
class LinkShares {
 public:
  LinkShares(const Platform& platform, const NetworkState& state) : links_(platform, state) {}

  bool idle(const Activity& message) {
    bool all = true;
    links_.cross(message.from, message.to, [&](const Link& link) {
      all = all && (!link.shared || (!link.alone.valid() && link.sharing == 0));
    });
    return all;
  }
  // Bytes per nanosecond of the narrowest link.
  double speed(const Activity& message) {
    double narrowest = std::numeric_limits<double>::infinity();
    links_.cross(message.from, message.to,
                 [&](const Link& link) { narrowest = std::min(narrowest, link.speed); });
    return narrowest;
  }
  // Those that are alone until now on a link of this message's route.
  std::vector<ActivityId> alone_on_route_of(const Activity& message) {
    std::vector<ActivityId> found;
    links_.cross(message.from, message.to, [&](const Link& link) {
      if (link.shared && link.alone.valid() && std::ranges::find(found, link.alone) == found.end())
        found.push_back(link.alone);
    });
    return found;
  }

  void enter_alone(const Activity& message, ActivityId id) {
    links_.cross(message.from, message.to, [id](Link& link) { link.alone = id; });
  }
  void leave_alone(const Activity& message) { enter_alone(message, ActivityId()); }
  void enter_shared(const Activity& message) {
    links_.cross(message.from, message.to, [](Link& link) { ++link.sharing; });
  }
  void leave_shared(const Activity& message) {
    links_.cross(message.from, message.to, [](Link& link) { --link.sharing; });
  }

  void set_bandwidth(HostId host, double up_bytes_per_second, double down_bytes_per_second) {
    links_.of(host).up.speed = up_bytes_per_second * 1e-9;
    links_.of(host).down.speed = down_bytes_per_second * 1e-9;
  }

 private:
  struct Link {  // one direction
    explicit Link(const LinkSpec& spec)
        : shared(spec.shared), speed(spec.bytes_per_second * 1e-9) {}
    bool shared;   // else nobody on it is in anybody's way
    double speed;  // bytes per nanosecond
    ActivityId alone;
    std::uint32_t sharing = 0;
  };

  LinkStar<Link> links_;
};

}  // namespace soundcheck
