#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace soundcheck::conductor {

// Minutes east of Greenwich of a zone by one of its English names, in small letters: "pst" or
// "pacific standard time", and "pdt" or "pacific daylight time" with the hour of summer. A name
// that several zones have means the one that Java lists first (IST is Israel's). Conductor knows no
// names of regions ("Europe/Paris").
std::optional<std::int64_t> zone_minutes_of(const std::string& name);

}  // namespace soundcheck::conductor
