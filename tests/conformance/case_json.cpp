#include "tests/conformance/case_json.hpp"

#include <optional>

#include "models/orchestrator/decider/json_path.hpp"

namespace soundcheck::conductor {

const Json& part(const Json& json, const char* name) {
  static const Json kNothing;
  const auto it = json.find(name);
  return it == json.end() ? kNothing : *it;
}

std::string shown(const Json& json) {
  std::string text = json.dump();
  return text.size() <= 200 ? text : text.substr(0, 197) + "...";
}

Json value_at(const Json& json, const std::string& key) {
  if (json.is_object() && json.contains(key)) return json.at(key);
  const std::optional<JsonPath> path = JsonPath::parse(key);
  return path ? path->read(json) : Json();
}

}  // namespace soundcheck::conductor
