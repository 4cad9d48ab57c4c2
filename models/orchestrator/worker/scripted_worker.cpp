#include "models/orchestrator/worker/scripted_worker.hpp"

#include <algorithm>

#include "models/orchestrator/api.hpp"
#include "models/orchestrator/decider/workflow.hpp"

namespace soundcheck::orchestrator {
namespace {

Task<void> give_sign_of_life(Env env, const TaskInput* task, const ScriptedWork* work) {
  if (work->heartbeat->callback_after) {
    UpdateTask update;
    update.task_id = task->task_id;
    update.workflow_id = task->workflow_id;
    update.worker_id = task->worker_id;
    update.status = "IN_PROGRESS";
    update.callback_after_seconds =
        work->heartbeat->callback_after->count() / Duration::seconds(1).count();
    Result<TaskUpdated> updated = co_await env.call(std::move(update));
    (void)updated;  // lost: the next one, or the response timeout
    co_return;
  }
  ExtendLease extension{task->task_id, task->workflow_id, task->worker_id};
  Result<LeaseExtended> extended = co_await env.call(std::move(extension));
  (void)extended;
}

// Work on a task in the books of effects, from its beginning until it is done or its worker dies.
class Work {
 public:
  Work(const Env& env, const TaskInput& task) : effects_(env.runtime().task_effects()) {
    if (effects_ == nullptr) return;
    SagaContext& saga = env.context()->saga;  // its report says whose answer it is
    saga.execution = effects_->work_begins(saga, task.workflow_id, task.task_type);
    execution_ = saga.execution;
  }
  ~Work() {
    if (effects_ != nullptr) effects_->work_ends();
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  // False: the worker refuses.
  bool take_effect() { return effects_ == nullptr || effects_->take_effect(execution_); }

 private:
  TaskEffects* effects_;
  std::uint32_t execution_ = 0;
};

}  // namespace

const WorkScript* WorkScripts::find(std::string_view workflow, const TaskInput& task) const {
  const std::string reference = conductor::without_iteration(task.reference);
  const auto way = ways_.find(task.workflow_id);
  const WorkScript* by_workflow = nullptr;
  const WorkScript* by_reference = nullptr;
  const WorkScript* by_name = nullptr;
  for (const WorkScript& script : scripts_) {
    if (script.domain != task.domain) continue;
    if (!script.through.empty()) {
      if (way != ways_.end() && script.workflow == way->second.workflow &&
          script.through == way->second.through && script.task == reference)
        return &script;
      continue;
    }
    if (script.workflow == workflow && script.task == reference) by_workflow = &script;
    if (!script.workflow.empty()) continue;
    if (script.task == reference) by_reference = &script;
    if (script.task == task.task_type) by_name = &script;
  }
  if (by_workflow != nullptr) return by_workflow;
  return by_reference != nullptr ? by_reference : by_name;
}

void WorkScripts::note_child(const std::string& child_id, const std::string& parent_id,
                             const std::string& parent_name, const std::string& reference) {
  const auto parent = ways_.find(parent_id);
  Way way = parent != ways_.end() ? parent->second : Way{parent_name, {}};
  way.through.push_back(conductor::without_iteration(reference));
  ways_[child_id] = std::move(way);
}

const ScriptedWork* WorkScripts::next(std::string_view workflow, const TaskInput& task) {
  const WorkScript* const script = find(workflow, task);
  if (script == nullptr) return nullptr;
  if (script->entries.size() == 1) return &script->entries.front();
  std::size_t& played =
      played_[{task.workflow_id, conductor::without_iteration(task.reference), task.domain}];
  const std::size_t entry = std::min(played, script->entries.size() - 1);
  ++played;
  return &script->entries[entry];
}

Task<TaskResult> ScriptedWorker::work_on(Env env, TaskInput task) {
  const NameId workflow = env.context()->saga.workflow;
  const ScriptedWork* const work = scripts_.next(env.runtime().name_of(workflow), task);
  if (work == nullptr) co_return TaskResult::terminal("no script for " + task.reference);
  Work in_the_books(env, task);
  const Time begun = env.clock();
  Duration left = work->time.sample(env.random());
  while (work->heartbeat && left > work->heartbeat->every) {
    const Time before = env.clock();
    co_await env.sleep(work->heartbeat->every);
    co_await give_sign_of_life(env, &task, work);
    left -= env.clock() - before;
  }
  if (left > Duration()) co_await env.sleep(left);

  TaskResult result = work->result();
  if (result.status == TaskStatus::kCompleted && !in_the_books.take_effect())
    result = TaskResult::terminal("refused: it was undone before");
  env.emit(TaskWorked{.saga = env.context()->saga.saga,
                      .step = env.context()->saga.step,
                      .workflow = workflow,
                      .status = result.status,
                      .worked = env.clock() - begun,
                      .attempt = env.context()->saga.attempt});
  co_return result;
}

WorkerBinding scripted_binding(std::string task_type, std::string domain) {
  return {std::move(task_type),
          [](Service& service, Env env, TaskInput task) {
            return static_cast<ScriptedWorker&>(service).work_on(std::move(env), std::move(task));
          },
          std::move(domain)};
}

}  // namespace soundcheck::orchestrator
