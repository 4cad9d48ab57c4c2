#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/orchestrator/service/queue_view.hpp"

namespace soundcheck::orchestrator {

// Looks that a server takes at workflows at regular intervals, in case something was lost: sweeps,
// and JOINs. After a while in which they found nothing the message is hidden: it stays in the
// database as it is, and nobody takes it, until the last look before time will change something.
// Whoever does something with the workflow rouses it: then the next look comes when it would have
// come.
class RoutineLooks {
 public:
  explicit RoutineLooks(QueueView& queues) : queues_(queues) {}

  // A look that began with the message at `came` found nothing, and pushed it again.
  void found_nothing(const std::string& queue, const std::string& message,
                     const std::string& workflow_id, Time came, std::optional<Time> next_change);
  void rouse(const std::string& workflow_id, Time now, Completions& completions);
  void rouse_all(Time now, Completions& completions);

 private:
  struct Look {
    std::string queue, message;
    Duration cycle;  // from one look to the next
    Time since;      // when they began to be regular
    Time next;       // as the database has it
    bool hidden = false;
  };
  void show(const Look& look, Time now, Completions& completions);

  QueueView& queues_;
  std::map<std::string, std::vector<Look>> looks_;  // by workflow
};

}  // namespace soundcheck::orchestrator
