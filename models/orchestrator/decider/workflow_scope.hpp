#pragma once

#include <map>
#include <optional>
#include <string>

#include "models/orchestrator/decider/input_template.hpp"
#include "models/orchestrator/decider/workflow.hpp"

namespace soundcheck::conductor {

// What ${...} may name outside of the workflow.
struct Environment {
  std::map<std::string, std::string> variables;  // ${NAME}, ${workflow.env.NAME}
  std::map<std::string, std::string> secrets;    // ${workflow.secrets.NAME}
};

// Reads expressions from a workflow: ${workflow.input.x}, ${t1.output.y}, ${CPEWF_TASK_ID}. A name
// of a loop's task means its latest iteration. Views; neither may change while it is used.
class WorkflowScope : public ExpressionScope {
 public:
  WorkflowScope(const Workflow& workflow, const Environment& environment, std::string task_id)
      : workflow_(workflow), environment_(environment), task_id_(std::move(task_id)) {}

  const Json* value(const std::string& root, const std::string& field,
                    Json& scratch) const override;
  Json document() const override;
  std::optional<std::string> variable(const std::string& name) const override;

 private:
  const Json* workflow_value(const std::string& field, Json& scratch) const;
  const Json* task_value(const TaskRow& row, const std::string& field, Json& scratch) const;

  const Workflow& workflow_;
  const Environment& environment_;
  std::string task_id_;
};

}  // namespace soundcheck::conductor
