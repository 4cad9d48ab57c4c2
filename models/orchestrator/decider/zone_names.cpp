#include "models/orchestrator/decider/zone_names.hpp"

#include <array>
#include <string_view>

namespace soundcheck::conductor {
namespace {

struct Zone {
  std::string_view standard, standard_short, summer, summer_short;  // empty: no summer time
  int minutes;                                                      // in standard time
  int summer_minutes = 60;                                          // that are added in summer
};

constexpr auto kZones = std::to_array<Zone>({
    {"pacific standard time", "pst", "pacific daylight time", "pdt", -480},
    {"mountain standard time", "mst", "mountain daylight time", "mdt", -420},
    {"central standard time", "cst", "central daylight time", "cdt", -360},
    {"eastern standard time", "est", "eastern daylight time", "edt", -300},
    {"hawaii-aleutian standard time", "hst", "hawaii-aleutian daylight time", "hdt", -600},
    {"alaska standard time", "akst", "alaska daylight time", "akdt", -540},
    {"atlantic standard time", "ast", "atlantic daylight time", "adt", -240},
    {"newfoundland standard time", "nst", "newfoundland daylight time", "ndt", -210},
    {"central european standard time", "cet", "central european summer time", "cest", 60},
    {"central european time", "cet", "central european summer time", "cest", 60},
    {"greenwich mean time", "gmt", "", "", 0},
    {"western european standard time", "wet", "western european summer time", "west", 0},
    {"western european time", "wet", "western european summer time", "west", 0},
    {"israel standard time", "ist", "israel daylight time", "idt", 120},
    {"japan standard time", "jst", "", "", 540},
    {"eastern european standard time", "eet", "eastern european summer time", "eest", 120},
    {"eastern european time", "eet", "eastern european summer time", "eest", 120},
    {"coordinated universal time", "utc", "", "", 0},
    {"british summer time", "bst", "", "", 60},
    {"irish standard time", "", "", "", 60},
    {"moscow standard time", "msk", "", "", 180},
    {"central africa time", "cat", "", "", 120},
    {"east africa time", "eat", "", "", 180},
    {"west africa standard time", "wat", "", "", 60},
    {"south africa standard time", "sast", "", "", 120},
    {"argentina standard time", "art", "", "", -180},
    {"brasilia standard time", "brt", "", "", -180},
    {"chile standard time", "clt", "chile summer time", "clst", -240},
    {"colombia standard time", "cot", "", "", -300},
    {"arabian standard time", "", "", "", 180},
    {"gulf standard time", "gst", "", "", 240},
    {"pakistan standard time", "pkt", "", "", 300},
    {"india standard time", "", "", "", 330},
    {"indochina time", "ict", "", "", 420},
    {"western indonesia time", "wib", "", "", 420},
    {"china standard time", "", "", "", 480},
    {"hong kong standard time", "hkt", "", "", 480},
    {"singapore standard time", "sgt", "", "", 480},
    {"australian western standard time", "awst", "", "", 480},
    {"korean standard time", "kst", "", "", 540},
    {"australian central standard time", "acst", "australian central daylight time", "acdt", 570},
    {"australian eastern standard time", "aest", "australian eastern daylight time", "aedt", 600},
    {"new zealand standard time", "nzst", "new zealand daylight time", "nzdt", 720},
});

}  // namespace

std::optional<std::int64_t> zone_minutes_of(const std::string& name) {
  if (name.empty()) return std::nullopt;
  for (const Zone& zone : kZones) {
    if (name == zone.standard || name == zone.standard_short) return zone.minutes;
    if (name == zone.summer || name == zone.summer_short) return zone.minutes + zone.summer_minutes;
  }
  return std::nullopt;
}

}  // namespace soundcheck::conductor
