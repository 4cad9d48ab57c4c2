#pragma once

#include <vector>

#include "sim/kernel/network_state.hpp"
#include "sim/kernel/platform.hpp"

namespace soundcheck {

// Something for each direction of each link of the star of stars described in platform.hpp, to be
// found by route. Link is made from a LinkSpec.
template <class Link>
class LinkStar {
 public:
  struct Ends {
    Link up;
    Link down;
  };

  LinkStar(const Platform& platform, const NetworkState& state) : state_(state) {
    hosts_.reserve(platform.hosts.size());
    for (const HostSpec& host : platform.hosts)
      hosts_.push_back({.up = Link(host.up), .down = Link(host.down)});
    for (const ZoneSpec& zone : platform.zones)
      zones_.push_back({.up = Link(zone.backbone), .down = Link(zone.backbone)});
    for (const RegionSpec& region : platform.regions)
      regions_.push_back({.up = Link(region.wide_area), .down = Link(region.wide_area)});
  }

  Ends& of(HostId host) { return hosts_[host.index()]; }

  // Calls `visit` with each link direction of the route between two hosts, in its order.
  template <class Visitor>
  void cross(HostId from, HostId to, Visitor visit) {
    const NetworkState::Host& source = state_.host(from);
    const NetworkState::Host& target = state_.host(to);
    visit(hosts_[from.index()].up);
    if (source.zone != target.zone) {
      visit(zones_[source.zone].up);
      if (source.region != target.region) {
        visit(regions_[source.region].up);
        visit(regions_[target.region].down);
      }
      visit(zones_[target.zone].down);
    }
    visit(hosts_[to.index()].down);
  }

 private:
  const NetworkState& state_;
  std::vector<Ends> hosts_;
  std::vector<Ends> zones_;  // out of the zone (up) and into it (down)
  std::vector<Ends> regions_;
};

}  // namespace soundcheck
