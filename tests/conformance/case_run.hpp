#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/orchestrator/decider/script_engine.hpp"
#include "tests/conformance/case_file.hpp"
#include "tests/support/orchestrator/in_memory_engine.hpp"

namespace soundcheck::conductor {

// Replays one case on virtual time and compares it with what it expects.
class CaseRun {
 public:
  CaseRun(const CaseFolder& folder, const Json& json, ScriptEngine& scripts)
      : folder_(folder), case_(json), scripts_(scripts) {}

  // Empty: the case passed. Else what went wrong, a line each, with rows side by side.
  std::vector<std::string> run();
  // Rows that Conductor's tests do not assert and that came out differently here.
  const std::vector<std::string>& remarks() const { return remarks_; }
  // What is told after the start and after each step that does something: a JSON object with the
  // step's number (0: the start), why it was refused, the task that a poll got, the workflows.
  void record_to(std::function<void(const Json&)> recorder) { recorder_ = std::move(recorder); }

 private:
  using Outcome = std::expected<void, std::string>;

  Outcome prepare();
  // The name of a file of the folder, or the definition itself.
  Outcome register_workflow(const Json& workflow);
  Outcome start(const Json& request, const std::string& handle);
  void settle();  // until neither a decision nor a system task changes anything
  Outcome step(const Json& step);
  void record(const std::string& refused);
  Outcome act(const std::string& what, const Json& step);
  Outcome work(const std::string& what, const Json& step);
  Outcome finish(const Json& step);
  Outcome set_task(const Json& step);
  Outcome api_call(const std::string& what, const Json& step);
  Outcome queue_step(const std::string& what, const Json& step);
  Outcome check(const Json& expected);
  Outcome check_none_started(const Json& name) const;
  Outcome check_rows(const Workflow& workflow, const Json& expected);
  Outcome check_values(const Workflow& workflow, const Json& expected);
  Outcome check_tasks(const Workflow& workflow, const Json& expected);
  HttpAnswer answer(const Json& request);

  // main, main.t2 (child of the latest task t2), failure:main, started:main.st, remembered names.
  std::expected<std::string, std::string> id_of(const std::string& handle) const;
  std::expected<const Workflow*, std::string> workflow_of(const Json& step) const;
  std::expected<const TaskRow*, std::string> latest_row(const Workflow& workflow,
                                                        const std::string& reference) const;

  const CaseFolder& folder_;
  const Json& case_;
  ScriptEngine& scripts_;
  Definitions definitions_;
  std::unique_ptr<InMemoryEngine> engine_;
  std::map<std::string, std::string> handles_;
  std::string refused_start_;  // why the start of the case was refused; empty: it was not
  std::map<std::string, InMemoryEngine::WorkerTask> silent_workers_;
  std::vector<std::string> http_order_;
  std::map<std::string, std::size_t> http_calls_;
  std::vector<std::string> remarks_;
  std::function<void(const Json&)> recorder_;
  std::vector<std::string> starts_;  // workflows that the case itself started
  std::size_t step_ = 0;             // under way, counted from 1; 0: the start
  std::string polled_task_;          // by that step
};

}  // namespace soundcheck::conductor
