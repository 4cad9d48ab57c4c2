#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/orchestrator/decider/decider.hpp"
#include "models/orchestrator/service/http_routes.hpp"
#include "models/orchestrator/service/queue_view.hpp"
#include "models/orchestrator/service/routine_looks.hpp"

namespace soundcheck::orchestrator {

// What the replicas of one orchestrator share beside the database: registered definitions, what a
// notification service tells about queued messages, and how the server is set up.
struct Shared {
  conductor::Definitions definitions;
  // Steps with their roles, by workflow; of others as their metadata say.
  std::map<std::string, std::vector<std::pair<std::string, std::string>>, std::less<>> plans;
  std::unique_ptr<conductor::ScriptEngine> scripts;
  conductor::Settings settings;
  QueueView queues;
  RoutineLooks looks{queues};
  HttpRoutes http;  // whom HTTP tasks can call
  conductor::Limits limits;
  conductor::PollData polls;  // by workers that poll in a domain
  // Starts failure workflows, and goes on with workflows, that a server stored and died before it
  // could announce them. Conductor loses both; off by the defect kFailureWorkflowLost.
  bool watchdog = true;
  // Told of each child that a SUB_WORKFLOW task starts: its id, its parent, the task's reference.
  std::function<void(const std::string& child_id, const std::string& parent_id,
                     const std::string& parent_name, const std::string& reference)>
      child_started;
  std::size_t replicas = 1;
  // One decision about a workflow at a time. False, as in Conductor without a lock: they overlap,
  // and the one that writes last wins; then settings.drawn_ids must be there.
  bool locked = true;
  Duration redelivery = Duration::seconds(60);  // of messages that were popped and not acknowledged
  Duration watchdog_period = Duration::seconds(30);
};

}  // namespace soundcheck::orchestrator
