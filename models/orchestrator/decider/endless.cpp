#include "models/orchestrator/decider/endless.hpp"

#include <fmt/format.h>

#include <string_view>

namespace soundcheck::conductor {
namespace {

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

}  // namespace

std::optional<std::string> endless_start(const std::string& workflow_id, const std::string& name,
                                         const std::string& by, Time now) {
  const auto too_many = [&](std::string_view part, std::size_t most) {
    return occurrences(workflow_id, part) > most;
  };
  const auto stopped = [&](std::string_view how, std::size_t most) {
    return fmt::format("stopped: {} of '{}', started by '{}', would go on for ever; {} is the most",
                       how, name, by, most);
  };
  if (too_many(".failure", kMostNested))
    return stopped("failure workflows of one another, this one", kMostNested);
  if (too_many(fmt::format(".started-{}", now.in_milliseconds()), kMostNested))
    return stopped("workflows that start one another at one instant, this one", kMostNested);
  if (too_many(".child", kMostChildren))
    return stopped("sub-workflows inside one another, this one", kMostChildren);
  return std::nullopt;
}

}  // namespace soundcheck::conductor
