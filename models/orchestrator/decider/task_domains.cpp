#include "models/orchestrator/decider/task_domains.hpp"

#include <algorithm>

#include "models/orchestrator/decider/java_text.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck::conductor {

namespace {

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_no_domain(const std::string& domain) {
  static constexpr std::string_view kNone = "no_domain";
  return std::ranges::equal(domain, kNone, {}, [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
}

std::optional<std::string> text_for(const Json& task_to_domain, const std::string& key) {
  if (!task_to_domain.is_object()) return std::nullopt;
  const auto found = task_to_domain.find(key);
  if (found == task_to_domain.end() || found->is_null()) return std::nullopt;
  return java_text(*found);
}

}  // namespace

std::string queue_name(const std::string& task_type, const std::optional<std::string>& domain) {
  return domain ? *domain + ":" + task_type : task_type;
}

QueueParts parts_of_queue(std::string_view queue) {
  const std::size_t colon = queue.find(':');
  if (colon == std::string_view::npos) return {std::nullopt, std::string(queue)};
  return {std::string(queue.substr(0, colon)), std::string(queue.substr(colon + 1))};
}

// As Java splits: empty parts at the end count for nothing.
std::vector<std::optional<std::string>> domains_in(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t comma = std::min(list.find(',', begin), list.size());
    parts.push_back(list.substr(begin, comma - begin));
    begin = comma + 1;
  }
  const bool whole = parts.size() == 1;
  while (!whole && !parts.empty() && parts.back().empty()) parts.pop_back();
  std::vector<std::optional<std::string>> domains;
  for (const std::string& part : parts) {
    const std::string domain = trimmed(part);
    domains.push_back(is_no_domain(domain) ? std::nullopt : std::optional(domain));
  }
  return domains;
}

std::optional<Time> PollData::Polls::last_answered(Time now) const {
  if (repeating == 0) return answered;
  const Time last = repeating_since + held * ((now - repeating_since) / held);
  return std::max(last, answered.value_or(last));
}

void PollData::note(const std::string& queue, Time answered) {
  if (!parts_of_queue(queue).domain) return;
  std::optional<Time>& last = polls_[queue].answered;
  last = std::max(answered, last.value_or(answered));
}

void PollData::begin_repeating(const std::string& queue, Time answered, Duration held) {
  if (!parts_of_queue(queue).domain) return;
  Polls& polls = polls_[queue];
  ++polls.repeating;
  polls.repeating_since = answered;
  polls.held = held;
}

void PollData::end_repeating(const std::string& queue, Time now) {
  const auto found = polls_.find(queue);
  if (found == polls_.end()) return;
  SOUNDCHECK_ASSERT(found->second.repeating > 0, "no poll of {} repeats", queue);
  found->second.answered = found->second.last_answered(now);
  --found->second.repeating;
}

void PollData::abandon_repeating(const std::string& queue) {
  const auto found = polls_.find(queue);
  if (found != polls_.end()) end_repeating(queue, found->second.repeating_since);
}

bool PollData::polled_since(const std::string& queue, Time now, Time since) const {
  const auto found = polls_.find(queue);
  if (found == polls_.end()) return false;
  const std::optional<Time> last = found->second.last_answered(now);
  return last && *last > since;
}

std::optional<Routing> route(const Json& task_to_domain, const std::string& task_type,
                             const PollData* polls, Time now, Duration active) {
  std::optional<std::string> list = text_for(task_to_domain, task_type);
  if (!list) {
    list = text_for(task_to_domain, "*");
    if (!list || trimmed(*list).empty()) return std::nullopt;
  }
  const std::vector<std::optional<std::string>> domains = domains_in(*list);
  for (const std::optional<std::string>& domain : domains) {
    if (domain && polls && polls->polled_since(queue_name(task_type, domain), now, now - active))
      return Routing{domain};
  }
  return domains.empty() ? Routing{} : Routing{domains.back()};
}

}  // namespace soundcheck::conductor
