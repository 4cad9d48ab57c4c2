#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/json.hpp"
#include "sim/core/time.hpp"

namespace soundcheck::conductor {

// The queue of a worker task: its type, behind its domain if it has one ("canary:charge").
std::string queue_name(const std::string& task_type, const std::optional<std::string>& domain);
// The other way round; a task's type has no colon.
struct QueueParts {
  std::optional<std::string> domain;
  std::string task_type;
};
QueueParts parts_of_queue(std::string_view queue);

// "canary, NO_DOMAIN": in this order, NO_DOMAIN being nothing.
std::vector<std::optional<std::string>> domains_in(const std::string& list);

// When workers polled last, by queue; those without a domain are not kept. All servers share it, as
// Conductor's servers share a table.
class PollData {
 public:
  // A poll was answered.
  void note(const std::string& queue, Time answered);
  // Of the queue a worker polls again and again, each poll held so long and answered with nothing,
  // without that anything simulates it.
  void begin_repeating(const std::string& queue, Time answered, Duration held);
  void end_repeating(const std::string& queue, Time now);
  // The server died: that of its polls that was answered last is not known any more.
  void abandon_repeating(const std::string& queue);

  // Whether a poll was answered after this time.
  bool polled_since(const std::string& queue, Time now, Time since) const;

 private:
  struct Polls {
    std::optional<Time> answered;
    std::size_t repeating = 0;
    Time repeating_since;  // one of its polls was answered then
    Duration held;
    std::optional<Time> last_answered(Time now) const;
  };
  std::map<std::string, Polls> polls_;
};

// Where a task of this type is to wait when the workflow was started with this taskToDomain: the
// first domain of the list in which somebody polls, else the last one, NO_DOMAIN being none.
// Nothing: the map says nothing of it, and a new attempt stays where the last one was.
// (WorkflowExecutorOps.setTaskDomains, getActiveDomain.)
struct Routing {
  std::optional<std::string> domain;
};
std::optional<Routing> route(const Json& task_to_domain, const std::string& task_type,
                             const PollData* polls, Time now, Duration active);

}  // namespace soundcheck::conductor
