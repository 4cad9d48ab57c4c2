#pragma once

#include <expected>
#include <string>

#include "sim/core/json.hpp"

namespace soundcheck::conductor {

// A member, or null, over which loops do nothing.
const Json& part(const Json& json, const char* name);
// A value named by a key: the member itself, or a path into it.
Json value_at(const Json& json, const std::string& key);
// At most 200 characters of it.
std::string shown(const Json& json);

inline std::unexpected<std::string> wrong(std::string text) {
  return std::unexpected(std::move(text));
}

}  // namespace soundcheck::conductor
