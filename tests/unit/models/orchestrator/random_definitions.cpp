#include "tests/unit/models/orchestrator/random_definitions.hpp"

#include <algorithm>

#include "tests/unit/models/orchestrator/definitions_for_test.hpp"

namespace soundcheck::conductor {

void RandomDefinitions::fill(Definitions& definitions) {
  for (const std::string& name : worker_tasks())
    conductor::add_task(definitions, worker_definition(name));
  leaf_ = true;
  for (const char* name : {"leaf_0", "leaf_1", "undo"})
    add_workflow(definitions, workflow(name, 1 + below(2), 1));
  leaf_ = false;
  main_ = workflow("main", 2 + below(4), 3);
  main_["failureWorkflow"] = "undo";
  if (chance(0.3)) {
    main_["timeoutSeconds"] = 20 + below(500);
    main_["timeoutPolicy"] = chance(0.7) ? "TIME_OUT_WF" : "ALERT_ONLY";
  }
  add_workflow(definitions, main_);
}

std::vector<std::string> RandomDefinitions::queues() const {
  std::vector<std::string> names = worker_tasks();
  names.insert(names.end(), dynamic_.begin(), dynamic_.end());
  return names;
}

Json RandomDefinitions::worker_definition(const std::string& name) {
  static const char* const kLogics[] = {"FIXED", "LINEAR_BACKOFF", "EXPONENTIAL_BACKOFF"};
  static const char* const kPolicies[] = {"RETRY", "TIME_OUT_WF", "ALERT_ONLY"};
  Json json = Json::object({{"name", name},
                            {"retryCount", below(4)},
                            {"retryLogic", kLogics[below(3)]},
                            {"retryDelaySeconds", below(8)},
                            {"backoffScaleFactor", 1 + below(3)},
                            {"timeoutPolicy", kPolicies[below(3)]},
                            {"responseTimeoutSeconds", 5 + below(40)}});
  if (chance(0.3)) json["timeoutSeconds"] = 50 + below(100);
  if (chance(0.3)) json["pollTimeoutSeconds"] = 10 + below(60);
  if (chance(0.2)) {  // shorter than one attempt it would be refused
    const std::int64_t total = 30 + below(200);
    json["totalTimeoutSeconds"] = std::max(total, json.value("timeoutSeconds", std::int64_t{0}));
  }
  if (chance(0.3)) json["maxRetryDelaySeconds"] = 1 + below(10);
  if (chance(0.3)) json["backoffJitterMs"] = below(3000);
  if (chance(0.2)) json["concurrentExecLimit"] = 1 + below(3);
  return json;
}

Json RandomDefinitions::workflow(const std::string& name, int count, int depth) {
  return workflow_of_tasks(name, tasks(count, depth, false));
}

Json RandomDefinitions::tasks(int count, int depth, bool in_loop) {
  Json list = Json::array();
  for (int i = 0; i < count; ++i) add_task(list, depth, in_loop);
  return list;
}

Json RandomDefinitions::task(const char* type) {
  const std::string reference = "r" + std::to_string(next_++);
  return Json::object(
      {{"name", std::string(type) == "SIMPLE" ? worker_tasks()[static_cast<std::size_t>(below(5))]
                                              : reference},
       {"taskReferenceName", reference},
       {"type", type}});
}

Json RandomDefinitions::worker() {
  Json json = task("SIMPLE");
  json["inputParameters"] = {{"id", "${workflow.workflowId}"}, {"kind", "${workflow.input.kind}"}};
  if (chance(0.15)) json["optional"] = true;
  if (chance(0.15)) json["permissive"] = true;
  if (chance(0.2)) json["retryCount"] = below(3);
  if (chance(0.1)) json["startDelay"] = below(5);
  return json;
}

void RandomDefinitions::add_task(Json& list, int depth, bool in_loop) {
  const int kind = depth == 0 ? 0 : below(leaf_ ? 5 : 12);
  Json json;
  switch (kind) {
    case 4:
      json = task("SWITCH");
      json["evaluatorType"] = "value-param";
      json["expression"] = "kind";
      json["inputParameters"] = {{"kind", "${workflow.input.kind}"}};
      json["decisionCases"] = {{"a", tasks(below(3), depth - 1, in_loop)},
                               {"b", tasks(1, depth - 1, in_loop)}};
      if (chance(0.5)) json["defaultCase"] = tasks(1, depth - 1, in_loop);
      break;
    case 5:
    case 6: {
      json = task("FORK_JOIN");
      Json branches = Json::array(), join_on = Json::array();
      for (int i = 0; i < 2 + below(2); ++i) {
        branches.push_back(tasks(1 + below(2), depth - 1, in_loop));
        join_on.push_back(branches.back().back()["taskReferenceName"]);
      }
      json["forkTasks"] = branches;
      list.push_back(json);
      json = task("JOIN");
      json["joinOn"] = join_on;
      if (chance(0.3)) json["joinMode"] = "SYNC";
      break;
    }
    case 7:
      if (in_loop) {
        json = worker();
        break;
      }
      json = task("DO_WHILE");
      json["items"] = "${workflow.input.items}";
      json["loopCondition"] = "";
      if (chance(0.3)) json["inputParameters"] = {{"keepLastN", 1 + below(2)}};
      json["loopOver"] = tasks(1 + below(2), depth - 1, true);
      break;
    case 8:
      json = task("SUB_WORKFLOW");
      json["subWorkflowParam"] = {{"name", chance(0.5) ? "leaf_0" : "leaf_1"}};
      json["inputParameters"] = {{"kind", "${workflow.input.kind}"},
                                 {"items", "${workflow.input.items}"}};
      if (chance(0.2)) json["optional"] = true;
      if (chance(0.3))
        json["taskDefinition"] = {{"name", "child"}, {"retryCount", 1}, {"retryDelaySeconds", 3}};
      break;
    case 9:
      json = task("WAIT");
      json["inputParameters"] = {{"duration", std::to_string(1 + below(60)) + " seconds"}};
      break;
    case 10:
      switch (below(4)) {
        case 0:
          json = task("HUMAN");
          break;
        case 1:
          json = task("SET_VARIABLE");
          json["inputParameters"] = {{"v", "${workflow.input.kind}"}};
          break;
        case 2:
          json = task("EVENT");
          json["sink"] = "conductor";
          json["asyncComplete"] = chance(0.3);
          break;
        default:
          json = task("TERMINATE");
          json["inputParameters"] = {{"terminationStatus", chance(0.5) ? "FAILED" : "COMPLETED"}};
          break;
      }
      break;
    case 11:
      json = task("FORK_JOIN_DYNAMIC");
      if (in_loop || next_ > 40) {
        json = worker();
        break;
      }
      // References of the branches are made from the name, which is the fork's own reference then.
      json["inputParameters"] = {{"forkTaskInputs", "${workflow.input.items}"}};
      list.push_back(json);
      dynamic_.push_back(json["taskReferenceName"]);
      json = task("JOIN");
      break;
    default:
      json = worker();
      break;
  }
  list.push_back(json);
}

}  // namespace soundcheck::conductor
