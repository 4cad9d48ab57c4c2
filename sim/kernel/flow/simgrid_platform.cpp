#include "sim/kernel/flow/simgrid_platform.hpp"

#include <string>

namespace soundcheck {
namespace {

namespace s4u = simgrid::s4u;
using NetPoint = simgrid::kernel::routing::NetPoint;

s4u::Link* make_link(s4u::NetZone* zone, const std::string& name, const LinkSpec& spec) {
  s4u::Link* const link = zone->create_link(name, spec.bytes_per_second * kLinkUnitsPerByte);
  if (!spec.shared) link->set_sharing_policy(s4u::Link::SharingPolicy::FATPIPE);
  return link->seal();
}

struct UpAndDown {
  s4u::Link* up;
  s4u::Link* down;
};

// Hangs a host (no gateway) or an inner zone (by its gateway) on the centre of a star.
UpAndDown hang(s4u::NetZone* star, NetPoint* point, NetPoint* gateway, const std::string& name,
               const LinkSpec& up, const LinkSpec& down) {
  const UpAndDown links{make_link(star, "up:" + name, up), make_link(star, "down:" + name, down)};
  star->add_route(point, nullptr, gateway, nullptr, {s4u::LinkInRoute(links.up)}, false);
  star->add_route(nullptr, point, nullptr, gateway, {s4u::LinkInRoute(links.down)}, false);
  return links;
}

// A star zone and the gateway by which it hangs on the one around it.
struct Star {
  s4u::NetZone* zone;
  NetPoint* gateway;
};

s4u::NetZone* make_star(const std::string& name, const s4u::NetZone* parent) {
  s4u::NetZone* zone = s4u::create_star_zone(name);
  zone->set_parent(parent);
  return zone;
}

// A star of hosts.
Star make_zone(const ZoneSpec& spec, const s4u::NetZone* region) {
  s4u::NetZone* zone = make_star("zone:" + spec.name, region);
  return {zone, zone->create_router("gateway:" + spec.name)};
}

// A star of stars. SimGrid 3.32 finds no way from a host to a router next to the host's zone, only
// to one inside of another zone: so the region's gateway has a zone of its own, hung on the region
// without a link.
Star make_region(const RegionSpec& spec, const s4u::NetZone* world) {
  s4u::NetZone* region = make_star("region:" + spec.name, world);
  s4u::NetZone* exit = make_star("exit:" + spec.name, region);
  NetPoint* gateway = exit->create_router("exit gateway:" + spec.name);
  exit->seal();
  region->add_route(exit->get_netpoint(), nullptr, gateway, nullptr, {}, false);
  region->add_route(nullptr, exit->get_netpoint(), nullptr, gateway, {}, false);
  return {region, gateway};
}

SimgridHost make_host(const HostSpec& spec, s4u::NetZone* zone) {
  s4u::Host* host = zone->create_host(spec.name, 1e9);
  const UpAndDown links =
      hang(zone, host->get_netpoint(), nullptr, "host:" + spec.name, spec.up, spec.down);
  return {.host = host, .up = links.up, .down = links.down};
}

}  // namespace

std::vector<SimgridHost> build_simgrid_platform(const Platform& platform) {
  s4u::NetZone* world = s4u::create_star_zone("world");
  std::vector<Star> regions;
  std::vector<Star> zones;
  std::vector<SimgridHost> hosts;
  for (const RegionSpec& region : platform.regions) regions.push_back(make_region(region, world));
  for (const ZoneSpec& zone : platform.zones) {
    zones.push_back(make_zone(zone, regions[zone.region.index()].zone));
  }
  hosts.reserve(platform.hosts.size());
  for (const HostSpec& host : platform.hosts)
    hosts.push_back(make_host(host, zones[host.zone.index()].zone));

  for (std::size_t i = 0; i < zones.size(); ++i) {
    const ZoneSpec& spec = platform.zones[i];
    zones[i].zone->seal();
    hang(regions[spec.region.index()].zone, zones[i].zone->get_netpoint(), zones[i].gateway,
         "zone:" + spec.name, spec.backbone, spec.backbone);
  }
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const RegionSpec& spec = platform.regions[i];
    regions[i].zone->seal();
    hang(world, regions[i].zone->get_netpoint(), regions[i].gateway, "region:" + spec.name,
         spec.wide_area, spec.wide_area);
  }
  world->seal();
  return hosts;
}

}  // namespace soundcheck
