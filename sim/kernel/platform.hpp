#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// The hardware of a run, as a value: both kernels are built from it. A star of stars: a host hangs
// on its zone by an up link and a down link, a zone on its region by a backbone, a region on the
// world by a wide-area link. A message crosses
//   same host:           loopback
//   same zone:           up, down
//   same region:         up, backbone of either zone, down
//   different regions:   up, backbone, wide-area link of either region, backbone, down
// and each of these costs its latency; the narrowest gives the bandwidth. A route table would grow
// with the square of the hosts.
struct LinkSpec {
  Duration latency;
  double bytes_per_second = 1.25e9;  // 10 Gbit/s
  // False: every message has one like it to itself, as those of many clients have who share
  // nothing.
  bool shared = true;
};

// How a host shares its cores between computations; disks follow the same rule with one core.
enum class Sharing : std::uint8_t {
  kShared,  // each of n computations runs at min(1, cores / n) (processor sharing)
  kFifo,    // at most `cores` run at full speed, the others wait in order of arrival
};

struct HostSpec {
  std::string name;  // unique
  ZoneId zone;
  int cores = 4;
  double speed = 1.0;  // work per second of a core: 1 means that a computation of 3 ms takes 3 ms
                       // on an idle core
  Sharing sharing = Sharing::kShared;
  LinkSpec up;
  LinkSpec down;
  double disk_read_bytes_per_second = 500e6;
  double disk_write_bytes_per_second = 500e6;
};

struct ZoneSpec {
  std::string name;
  RegionId region;
  LinkSpec backbone;  // crossed once on the way out of the zone and once on the way into it
};

struct RegionSpec {
  std::string name;
  LinkSpec wide_area;
};

struct Platform {
  std::vector<RegionSpec> regions;
  std::vector<ZoneSpec> zones;
  std::vector<HostSpec> hosts;
  LinkSpec loopback{Duration::microseconds(10), 12.5e9};
};

}  // namespace soundcheck
