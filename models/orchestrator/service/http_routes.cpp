#include "models/orchestrator/service/http_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "sim/core/letters.hpp"

namespace soundcheck::orchestrator {
namespace {

struct Uri {
  std::string host;
  std::vector<std::string> path;
  std::vector<std::pair<std::string, std::string>> query;
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

Uri parse(std::string_view text) {
  Uri uri;
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos)
    text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find('#'));
  if (const auto query = text.find('?'); query != std::string_view::npos) {
    for (const std::string& pair : split(text.substr(query + 1), '&')) {
      const std::size_t equals = std::min(pair.find('='), pair.size());
      uri.query.emplace_back(pair.substr(0, equals),
                             pair.substr(std::min(equals + 1, pair.size())));
    }
    text = text.substr(0, query);
  }
  const std::size_t slash = std::min(text.find('/'), text.size());
  uri.host = text.substr(0, std::min(text.find(':'), slash));
  uri.path = split(text.substr(slash), '/');
  return uri;
}

bool is_placeholder(const std::string& segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  return std::ranges::equal(pattern, path, [](const std::string& expected, const std::string& is) {
    return is_placeholder(expected) || expected == is;
  });
}

// A parameter is a text in a URI; a request's field may be a number.
Json value_of(const std::string& text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec == std::errc() && parsed.ptr == end) return number;
  return text;
}

std::string text_of(const Json& request, const char* name) {
  const auto found = request.find(name);
  return found != request.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The request with its parameters as texts, or as numbers where `numbers` says so.
Json fields_of(const Json& http_request, const std::vector<std::string>& pattern, const Uri& uri,
               bool numbers) {
  const auto body = http_request.find("body");
  Json fields = body != http_request.end() && body->is_object() ? *body : Json::object();
  const auto add = [&](const std::string& name, const std::string& value) {
    fields[name] = numbers ? value_of(value) : Json(value);
  };
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_placeholder(pattern[i])) add(pattern[i].substr(1, pattern[i].size() - 2), uri.path[i]);
  }
  for (const auto& [name, value] : uri.query) add(name, value);
  return fields;
}

}  // namespace

void HttpRoutes::add(const MethodBinding& method) {
  const std::string_view http = method.name.http;
  const std::size_t blank = http.find(' ');
  if (blank == std::string_view::npos) {
    routes_.push_back({method, "", {std::string(method.name.method)}});
  } else {
    routes_.push_back(
        {method, std::string(http.substr(0, blank)), split(http.substr(blank + 1), '/')});
  }
}

std::expected<HttpRoutes::Call, HttpRoutes::Refusal> HttpRoutes::resolve(
    const Json& request) const {
  const Uri uri = parse(text_of(request, "uri"));
  const std::string verb = in_upper_case(text_of(request, "method"));
  bool host_exists = false;
  bool path_exists = false;
  std::string unreadable;
  for (const Route& route : routes_) {
    if (route.method.name.service != uri.host) continue;
    host_exists = true;
    if (!matches(route.path, uri.path)) continue;
    path_exists = true;
    if (!route.verb.empty() && route.verb != verb) continue;
    if (route.method.parse == nullptr) return Call{&route.method.name, Payload()};
    auto payload = route.method.parse(fields_of(request, route.path, uri, false));
    if (!payload) payload = route.method.parse(fields_of(request, route.path, uri, true));
    if (payload) return Call{&route.method.name, std::move(*payload)};
    unreadable = payload.error();
  }
  if (!host_exists)
    return std::unexpected(Refusal{0, fmt::format("{}: Name or service not known", uri.host)});
  if (!unreadable.empty()) return std::unexpected(Refusal{400, unreadable});
  return std::unexpected(path_exists ? Refusal{405, "Method Not Allowed"}
                                     : Refusal{404, "Not Found"});
}

}  // namespace soundcheck::orchestrator
