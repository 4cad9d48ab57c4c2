#include "models/orchestrator/decider/script_needs.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "sim/core/letters.hpp"

namespace soundcheck::conductor {

namespace {

bool names_part(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '$';
}

// Reads one ".name" or "['name']" at `at`; nothing if there is none.
std::optional<std::string> take_member(std::string_view script, std::size_t& at) {
  if (at >= script.size()) return std::nullopt;
  if (script[at] == '.') {
    std::size_t end = at + 1;
    while (end < script.size() && names_part(script[end])) ++end;
    if (end == at + 1) return std::nullopt;
    std::string name(script.substr(at + 1, end - at - 1));
    at = end;
    return name;
  }
  if (script[at] != '[' || at + 1 >= script.size()) return std::nullopt;
  const char quote = script[at + 1];
  if (quote != '\'' && quote != '"') return std::nullopt;
  const std::size_t end = script.find(quote, at + 2);
  if (end == std::string_view::npos || end + 1 >= script.size() || script[end + 1] != ']')
    return std::nullopt;
  std::string name(script.substr(at + 2, end - at - 2));
  at = end + 2;
  return name;
}

bool calls(std::string_view script, std::size_t at) {
  while (at < script.size() && std::isspace(static_cast<unsigned char>(script[at]))) ++at;
  return at < script.size() && script[at] == '(';
}

}  // namespace

ScriptNeeds::ScriptNeeds(std::string_view script) {
  // A script that builds code or names from texts could read anything.
  for (const std::string_view word : {"eval", "Function", "\\", "with", "this"}) {
    if (script.find(word) != std::string_view::npos) return;
  }
  for (std::size_t at = script.find('$'); at != std::string_view::npos; at = script.find('$', at)) {
    std::size_t end = at + 1;
    std::vector<std::string> path;
    while (path.size() < 3) {
      const std::size_t before = end;
      std::optional<std::string> name = take_member(script, end);
      if (!name) break;
      if (*name == "length" || calls(script, end)) {  // a property of the value before it
        end = before;
        break;
      }
      path.push_back(std::move(*name));
    }
    if (path.empty()) return;  // the whole input, or a part named at run time
    paths_.push_back(std::move(path));
    at = end;
  }
  everything_ = false;
}

bool ScriptNeeds::any_of(std::string_view name) const {
  return everything_ || std::any_of(paths_.begin(), paths_.end(),
                                    [&](const auto& path) { return path.front() == name; });
}

Json ScriptNeeds::parts_of(std::string_view name, const Json& value) const {
  if (everything_) return value;
  Json parts = Json::object();
  for (const auto& path : paths_) {
    if (path.front() != name) continue;
    const Json* from = &value;
    Json* to = &parts;
    for (std::size_t i = 1; i < path.size() && from->is_object(); ++i) {
      const auto it = from->find(path[i]);
      if (it == from->end()) {
        to = nullptr;
        break;
      }
      from = &*it;
      Json& next = (*to)[path[i]];
      if (i + 1 < path.size() && from->is_object()) {
        if (!next.is_object()) next = Json::object();
      } else {
        next = *from;
        to = nullptr;
        break;
      }
      to = &next;
    }
    if (to == &parts) return value;  // the member itself is read
  }
  return parts;
}

}  // namespace soundcheck::conductor
