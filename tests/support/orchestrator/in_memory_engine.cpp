#include "tests/support/orchestrator/in_memory_engine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/orchestrator/execution/saga_text.hpp"
#include "sim/core/fingerprint.hpp"

namespace soundcheck::conductor {

using orchestrator::StoredWorkflow;

namespace {

constexpr const char* kSystemQueues[] = {"SUB_WORKFLOW", "START_WORKFLOW", "HTTP", "JOIN", "WAIT"};

Result<Decision> evaluate(const orchestrator::ExecutionRef&) {
  Decision decision;
  decision.effects.push_back(Evaluate{});
  return decision;
}

}  // namespace

InMemoryEngine::InMemoryEngine(Definitions& definitions, ScriptEngine& scripts, Settings settings,
                               std::uint64_t seed)
    : definitions_(definitions),
      scripts_(scripts),
      settings_(std::move(settings)),
      jitter_(seed, "retry-jitter") {
  start_server();
}

void InMemoryEngine::start_server() {
  orchestrator::ExecutionHost& host = *this;
  server_.emplace(Decider(definitions_, scripts_, jitter_, settings_, &polls_), limits_, host);
}

const Workflow* InMemoryEngine::find(const std::string& workflow_id) const {
  const auto it = latest_.find(workflow_id);
  return it == latest_.end() ? nullptr : &it->second->workflow;
}

// --- the store ----------------------------------------------------------------------------------

StoredWorkflow InMemoryEngine::stored_texts(const Stored& stored) const {
  StoredWorkflow texts = stored.workflow;
  for (const auto& [number, text] : stored.tasks) texts.tasks.push_back(text);
  return texts;
}

Task<Result<std::optional<StoredWorkflow>>> InMemoryEngine::read(Env env, std::string id) {
  if (runtime_.dying()) co_await testing_support::InMemoryRuntime::death(env);
  const auto found = store_.find(id);
  if (found == store_.end()) co_return std::nullopt;
  co_return stored_texts(found->second);
}

Task<Result<std::optional<ChildSummary>>> InMemoryEngine::summary(Env env, std::string id) {
  if (runtime_.dying()) co_await testing_support::InMemoryRuntime::death(env);
  const Workflow* const workflow = find(id);
  if (!workflow) co_return std::nullopt;
  co_return summary_of(*workflow);
}

void InMemoryEngine::store(Execution& execution, const Changes& changes) {
  const Workflow& workflow = execution.workflow;
  if (changes.erase) {
    store_.erase(workflow.id);
    std::erase(order_, workflow.id);
    return;
  }
  orchestrator::ChangedTexts texts = orchestrator::write_down(execution, changes);
  const auto [it, is_new] = store_.try_emplace(workflow.id);
  Stored& stored = it->second;
  if (is_new) {
    order_.push_back(workflow.id);
    stored.workflow = {execution.saga_id, execution.failure_of, {}, {}};
  }
  if (texts.record) stored.workflow.record = std::move(*texts.record);
  if (changes.record) {
    changes_ += is_new || stored.status != workflow.status;
    stored.status = workflow.status;
  }
  for (orchestrator::TaskText& text : texts.tasks) stored.tasks[text.number] = std::move(text.json);
  for (const std::size_t index : changes.rows) {
    const TaskRow& row = workflow.row(index);
    const auto [known, is_new_row] =
        stored.statuses.try_emplace(orchestrator::number_of_task(row.id), row.status);
    changes_ += is_new_row || known->second != row.status;
    known->second = row.status;
  }
  for (const std::int64_t number : changes.deleted_tasks) {
    stored.tasks.erase(number);
    stored.statuses.erase(number);
  }
}

Task<Result<bool>> InMemoryEngine::write(Env env, ExecutionRef execution, Changes changes,
                                         std::vector<QueueWrite> messages) {
  if (!runtime_.dying() && crash_before_ && crash_before_(execution->workflow, changes, messages)) {
    runtime_.kill();
    crashed_ = true;
  }
  if (runtime_.dying()) co_await testing_support::InMemoryRuntime::death(env);
  const std::string& id = execution->workflow.id;
  if (changes.create && store_.contains(id)) co_return false;
  if (!changes.empty()) {
    store(*execution, changes);
    if (changes.erase)
      latest_.erase(id);
    else
      latest_[id] = execution;
  }
  Result<bool> written = co_await write(env, std::move(messages));
  if (watcher_ && !changes.empty()) watcher_(execution->workflow, changes);
  co_return written;
}

Task<Result<bool>> InMemoryEngine::write(Env env, std::vector<QueueWrite> messages) {
  if (runtime_.dying()) co_await testing_support::InMemoryRuntime::death(env);
  for (const QueueWrite& message : messages) {
    switch (message.kind) {
      case QueueWrite::Kind::kPush:
        queues_.push(message.queue, message.message, message.visible);
        break;
      case QueueWrite::Kind::kRemove:
        queues_.remove(message.queue, message.message);
        break;
      case QueueWrite::Kind::kReschedule:
      case QueueWrite::Kind::kRescheduleIfEarlier:
        queues_.reschedule(message.queue, message.message, message.visible,
                           message.kind == QueueWrite::Kind::kRescheduleIfEarlier);
        break;
    }
  }
  co_return true;
}

Task<HttpAnswer> InMemoryEngine::call_http(Env env, Json request) {
  if (runtime_.dying()) co_await testing_support::InMemoryRuntime::death(env);
  if (http_) co_return http_(request);
  HttpAnswer answer;
  answer.answered = false;
  answer.text = "nobody answers HTTP calls here";
  co_return answer;
}

void InMemoryEngine::recover() {
  crashed_ = false;
  limits_ = Limits();
  latest_.clear();
  start_server();
  for (const auto& [id, stored] : store_) {
    const ExecutionRef execution =
        orchestrator::read_back(runtime_.env(), stored_texts(stored), definitions_);
    for (const TaskRow& row : execution->workflow.rows()) limits_.note(row);
    latest_[id] = execution;
  }
}

// --- the API ------------------------------------------------------------------------------------

// A server that dies answers nothing, which is no refusal.
Result<void> InMemoryEngine::finish(std::optional<Result<Outcome>> outcome,
                                    const std::string& workflow_id) {
  if (!outcome) return {};
  if (!*outcome) return std::unexpected(outcome->error());
  if (**outcome == Outcome::kMissing)
    return failure(ErrorCode::kNotFound, "No such workflow found by id: " + workflow_id);
  return {};
}

Result<std::string> InMemoryEngine::start(StartRequest request) {
  if (request.workflow_id.empty()) request.workflow_id = fmt::format("w{}", next_workflow_++);
  const std::string id = request.workflow_id;
  const std::string saga_id = orchestrator::to_saga_id(hash_text(id));
  const auto started = runtime_.run(server_->start(
      runtime_.env(), std::make_shared<const StartRequest>(std::move(request)), saga_id, "", true));
  if (started && !*started) return std::unexpected(started->error());
  return id;
}

Result<void> InMemoryEngine::terminate(const std::string& id, const std::string& reason) {
  return finish(runtime_.run(server_->terminate(runtime_.env(), id, reason)), id);
}

Result<void> InMemoryEngine::pause(const std::string& id) {
  return finish(runtime_.run(server_->pause(runtime_.env(), id)), id);
}

Result<void> InMemoryEngine::resume(const std::string& id) {
  return finish(runtime_.run(server_->resume(runtime_.env(), id)), id);
}

Result<void> InMemoryEngine::retry(const std::string& id, bool resume_sub_workflow_tasks) {
  return finish(runtime_.run(server_->retry(runtime_.env(), id, resume_sub_workflow_tasks)), id);
}

Result<void> InMemoryEngine::restart(const std::string& id, bool latest_definition) {
  return finish(runtime_.run(server_->restart(runtime_.env(), id, latest_definition)), id);
}

Result<void> InMemoryEngine::rerun(const std::string& id, const Decider::Rerun& request) {
  return finish(runtime_.run(server_->rerun(runtime_.env(), id, request)), id);
}

Result<void> InMemoryEngine::skip(const std::string& id, const std::string& reference,
                                  const Json& input, const Json& output) {
  return finish(runtime_.run(server_->skip(runtime_.env(), id, reference, input, output)), id);
}

Result<void> InMemoryEngine::reset_callbacks(const std::string& id) {
  return finish(runtime_.run(server_->reset_callbacks(runtime_.env(), id)), id);
}

Result<void> InMemoryEngine::update(const std::string& id, const TaskResult& result) {
  const auto updated = runtime_.run(server_->update(runtime_.env(), id, result));
  if (updated && !*updated) return std::unexpected(updated->error());
  return {};
}

std::optional<InMemoryEngine::WorkerTask> InMemoryEngine::poll(const std::string& queue,
                                                               const std::string& worker_id) {
  polls_.note(queue, now());
  while (const std::optional<std::string> task_id = queues_.oldest_visible(queue, now())) {
    const auto handed_out =
        runtime_.run(server_->hand_out(runtime_.env(), queue, *task_id, worker_id));
    if (crashed_) return std::nullopt;
    if (!*handed_out) continue;
    const TaskRow& row = (*handed_out)->execution->workflow.row((*handed_out)->row);
    return WorkerTask{(*handed_out)->execution->workflow.id, row.id, row.reference, row.input};
  }
  return std::nullopt;
}

// --- time ---------------------------------------------------------------------------------------

// The visible messages of one queue, each once.
bool InMemoryEngine::run_system_tasks(const std::string& queue) {
  const std::uint64_t before = changes_;
  for (const std::string& task_id : queues_.visible(queue, now())) {
    if (crashed_) return false;
    runtime_.run(server_->execute_system_task(runtime_.env(), queue, task_id));
  }
  return changes_ != before;
}

bool InMemoryEngine::run_decider_queue() {
  const std::uint64_t before = changes_;
  for (const std::string& workflow_id : queues_.visible(kDeciderQueue, now())) {
    if (crashed_) return false;
    sweep(workflow_id);
  }
  return changes_ != before;
}

// Decisions come first: a join is looked at when all that can be decided has been.
void InMemoryEngine::run_until_quiet() {
  const auto decide_all = [this] {
    bool changed = false;
    while (!crashed_ && run_decider_queue()) changed = true;
    return changed;
  };
  bool changed = true;
  while (changed && !crashed_) {
    changed = decide_all();
    for (const std::string& task_id : queues_.visible(kEventQueue, now())) {
      if (crashed_) return;
      runtime_.run(server_->handle_event(runtime_.env(), task_id));
      changed = true;
    }
    for (const char* queue : kSystemQueues) {
      const bool ran = run_system_tasks(queue);
      changed = decide_all() || ran || changed;
    }
  }
}

void InMemoryEngine::sweep(const std::string& workflow_id) {
  runtime_.run(server_->sweep(runtime_.env(), workflow_id));
}

bool InMemoryEngine::decide_all() {
  const std::uint64_t before = changes_;
  for (const std::string& workflow_id : workflow_ids()) {
    if (find(workflow_id)->terminal() || crashed_) continue;
    runtime_.run(server_->operate(runtime_.env(), workflow_id, evaluate));
  }
  return changes_ != before;
}

void InMemoryEngine::sweep_all() {
  for (const std::string& workflow_id : workflow_ids()) {
    if (!find(workflow_id)->terminal() && !crashed_) sweep(workflow_id);
  }
}

}  // namespace soundcheck::conductor
