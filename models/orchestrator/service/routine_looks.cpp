#include "models/orchestrator/service/routine_looks.hpp"

#include <algorithm>

namespace soundcheck::orchestrator {
namespace {

// So long they must have found nothing, at intervals as long as ever: two of an hour, twenty of
// half a minute. Intervals below a second are the first looks of a JOIN.
constexpr Duration kRegularFor = 10_min;
constexpr Duration kShortest = 1_s;
// Intervals differ by what a transaction takes more or less.
constexpr std::int64_t kTolerance = 100;  // a hundredth

bool alike(Duration a, Duration b) {
  const Duration difference = a > b ? a - b : b - a;
  return difference <= b / kTolerance;
}

}  // namespace

void RoutineLooks::found_nothing(const std::string& queue, const std::string& message,
                                 const std::string& workflow_id, Time came,
                                 std::optional<Time> next_change) {
  const std::optional<Time> next = queues_.visible(queue, message);
  if (!next || *next < came + kShortest) return;
  const Duration cycle = *next - came;
  std::vector<Look>& looks = looks_[workflow_id];
  auto look = std::ranges::find_if(
      looks, [&](const Look& known) { return known.message == message && known.queue == queue; });
  if (look == looks.end())
    look = looks.insert(look, {.queue = queue, .message = message, .cycle = {}, .since = {}});
  const bool regular = alike(look->cycle, cycle);
  if (!regular) look->since = came;
  look->cycle = cycle;
  look->next = *next;
  look->hidden = false;
  if (!regular || *next - look->since < kRegularFor) return;
  Time until = Time::never();
  if (next_change) {
    const std::int64_t left_out = (*next_change - *next) / cycle - 1;
    if (left_out <= 0) return;
    until = *next + cycle * left_out;
  }
  look->hidden = queues_.hide(queue, message, until);
}

void RoutineLooks::rouse(const std::string& workflow_id, Time now, Completions& completions) {
  const auto found = looks_.find(workflow_id);
  if (found == looks_.end()) return;
  const std::vector<Look> looks = std::move(found->second);
  looks_.erase(found);
  for (const Look& look : looks) show(look, now, completions);
}

void RoutineLooks::rouse_all(Time now, Completions& completions) {
  for (const auto& [workflow_id, looks] : std::exchange(looks_, {})) {
    for (const Look& look : looks) show(look, now, completions);
  }
}

// When it would have come.
void RoutineLooks::show(const Look& look, Time now, Completions& completions) {
  if (!look.hidden) return;
  Time at = look.next;
  if (at < now)
    at += look.cycle * ((now - at + look.cycle - Duration::nanoseconds(1)) / look.cycle);
  queues_.show(look.queue, look.message, at);
  if (at <= now)
    queues_.wake(look.queue, completions, now);
  else
    queues_.advance_alarms(at, completions);
}

}  // namespace soundcheck::orchestrator
