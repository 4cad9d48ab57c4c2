#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/model/catalogue.hpp"
#include "scenarios/model/definition_findings.hpp"
#include "scenarios/model/scenario.hpp"

namespace soundcheck {

// Checks what no single value shows: names that nothing bears, and values that contradict each
// other. `root` is the tree that the scenario was read from; it tells where things stand.
void check_references(const Scenario& scenario, const ParameterNode& root,
                      const Catalogue& catalogue, Mistakes& mistakes);

// A path into the tree: names of fields and indexes of elements.
using ScenarioPath = std::vector<std::string>;
inline ScenarioPath below(ScenarioPath path, std::string_view name) {
  path.emplace_back(name);
  return path;
}

// "payments.database" is the database server of payments.
inline constexpr std::string_view kDatabaseSuffix = ".database";

// What the checks of one scenario share.
class CrossChecker {
 public:
  CrossChecker(const Scenario& scenario, const ParameterNode& root, const Catalogue& catalogue,
               Mistakes& mistakes);

  void check_platform();
  void check_services();
  void check_workflows();
  void check_definitions();
  void check_workload();
  void check_population();
  void find_built_names();
  void check_databases();
  void check_faults();
  void check_expectations();
  void check_names();

 private:
  enum class Point {
    kValue,
    kName
  };  // what to underline: the value at the path, or the name of the field

  // A service that the program brings, whether by the architecture or for workflows; or nullptr.
  const CatalogueService* known_service(const std::string& name) const;
  void check_service(const std::string& name, const ScenarioService& service);
  void check_own_name(const std::string& name);
  void check_call_cycles();
  void check_task_definitions();
  void report_findings(const DefinitionFindings& findings);
  void check_event_handlers();
  void check_hedge(const ScenarioPath& path, const std::string& callee, const CallPolicy& call);
  void check_steps(const ScenarioPath& path, const std::vector<DeclaredStep>& steps);
  void check_call(const ScenarioPath& path, const DeclaredStep& step);
  void check_method(const ScenarioPath& path, const std::string& method, Point point);
  void check_task(const ScenarioPath& path, const conductor::WorkflowDefinition& workflow,
                  const conductor::TaskInWorkflow& task);
  void check_sagas();
  void check_domains();
  void check_destinations(const ScenarioPath& path, const ScenarioWorkload& load);
  void check_step(const ScenarioPath& path, const std::string& workflow, const std::string& step,
                  const StepStatement& statement);
  void check_workers();
  void check_script(const ScenarioPath& path,
                    const std::vector<orchestrator::ScriptedWork>& script);
  void check_actor(const ScenarioPath& path, const std::vector<orchestrator::ScriptedWork>& script,
                   bool is_person);
  void check_started_workflow(const ScenarioPath& path, const ScenarioWorkload& load);
  void check_load(const ScenarioPath& path, const ScenarioWorkload& load);
  void check_client(const ScenarioPath& path, const ScenarioWorkload& load);
  void check_peak(const ScenarioPath& path, const ScenarioWorkload& load);
  void check_shape(const ScenarioPath& path, const LoadShape& shape);
  void check_fault(const ScenarioPath& path, const FaultSpec& fault);
  void check_timing(const ScenarioPath& path, const FaultSpec& fault);
  void check_aim(const ScenarioPath& path, const FaultAim& aim);
  void check_target(const ScenarioPath& path, const FaultSpec& fault);
  void check_target_fields(const ScenarioPath& path, const FaultSpec& fault);
  bool has_database(const std::string& service) const;
  bool is_database(const std::string& name) const;  // "payments.database"
  void check_replica(const ScenarioPath& path, const FaultSpec& fault);
  void check_rules(const ScenarioPath& path, const FaultSpec& fault);
  void check_strikes(const ScenarioPath& path, const FaultSpec& fault);
  void check_length(const ScenarioPath& path, const FaultSpec& fault);
  void check_meeting(const ScenarioPath& path, const FaultSpec& fault);
  void check_route(const ScenarioPath& path, const FaultTarget& target);
  bool calls(const std::string& caller, const std::string& callee) const;
  bool is_started(const std::string& workflow) const;
  bool is_service(const std::string& name) const;
  void check_during(const ScenarioPath& path, const WorkGoal& goal);
  void check_saga_goal(const ScenarioPath& path, const SagaGoal& sagas);
  void check_workflow_expectation(const ScenarioPath& path, const WorkflowGoal& workflow);
  void check_task_expectation(const ScenarioPath& path, const TaskGoal& task);
  void check_objective(const ScenarioPath& path, const Objective& objective);

  // Reports `name` unless it is one of `known`: "there is no zone 'eu-c'", "there is no step 'pay'
  // of subscribe".
  bool check_known(const ScenarioPath& path, std::string_view what, const std::string& name,
                   const std::vector<std::string>& known, Point point = Point::kValue,
                   const std::string& owner = {});
  void contradiction(const ScenarioPath& path, std::string sentence, std::string hint = {});
  void report(MistakeCode code, const ScenarioPath& path, Point point, std::string sentence,
              std::string hint = {}, std::string note = {});
  // The value is used all the same.
  void warn(const ScenarioPath& path, Point point, std::string sentence, std::string hint = {});
  const ParameterNode* node_at(const ScenarioPath& path) const;
  bool is_given(const ScenarioPath& path) const { return node_at(path) != nullptr; }
  // Something at the path or below could not be read, so what was made of it proves nothing.
  bool was_misread(const ScenarioPath& path) const;

  const Scenario& scenario_;
  const ParameterNode& root_;
  const Catalogue& catalogue_;
  Mistakes& mistakes_;
  std::size_t reading_mistakes_;  // the first of the mistakes were made while reading
  const CatalogueArchitecture* architecture_;
  std::vector<std::string> callees_;   // services, and parties outside
  std::vector<std::string> requests_;  // what clients can ask for
  BuiltNames built_;                   // empty if the scenario cannot be built
  // Workflows of the scenario and of the architecture, with the references of their tasks.
  Named<std::vector<std::string>> workflows_;
};

}  // namespace soundcheck
