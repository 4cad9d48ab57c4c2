#include "models/orchestrator/engine/in_memory_engine.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "models/orchestrator/decider/workflow_json.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck::conductor {

namespace {

template <class... Functions>
struct EffectVisitor : Functions... {
  using Functions::operator()...;
};

constexpr const char* kSystemQueues[] = {"SUB_WORKFLOW", "START_WORKFLOW", "HTTP", "JOIN", "WAIT"};
// Workflows that start each other without end (one that fails at once and is its own failure
// workflow) must not hang the program.
constexpr std::size_t kMostNested = 50;

}  // namespace

InMemoryEngine::InMemoryEngine(Definitions& definitions, ScriptEngine& scripts, Settings settings,
                               std::uint64_t seed)
    : definitions_(definitions),
      jitter_(seed, "retry-jitter"),
      decider_(definitions, scripts, jitter_, std::move(settings)) {}

Workflow* InMemoryEngine::get(const std::string& workflow_id) {
  const auto it = workflows_.find(workflow_id);
  return it == workflows_.end() ? nullptr : &it->second;
}

const Workflow* InMemoryEngine::find(const std::string& workflow_id) const {
  const auto it = workflows_.find(workflow_id);
  return it == workflows_.end() ? nullptr : &it->second;
}

std::vector<std::string> InMemoryEngine::workflow_ids() const {
  return order_;
}

// --- carrying out effects -----------------------------------------------------------------------

void InMemoryEngine::carry_out(const std::string& workflow_id, Decision decision) {
  if (crashed_) return;
  begin(workflow_id, std::move(decision));
  while (!frames_.empty() && !crashed_) {
    Frame& frame = frames_.back();
    if (frame.next < frame.decision.effects.size()) {
      const bool within_transaction = frame.next > 0 &&
                                      is_store(frame.decision.effects[frame.next - 1]) &&
                                      is_store(frame.decision.effects[frame.next]);
      const Effect effect = frame.decision.effects[frame.next++];
      if (crash_before_ && !within_transaction && crash_before_(frame.workflow_id, effect)) {
        crashed_ = true;
      } else {
        carry_out(frame.workflow_id, effect);
      }
    } else if (frame.decides && frame.decision.again) {
      frame.decision = decider_.decide(*get(frame.workflow_id), now_);
      frame.next = 0;
      ++changes_;
    } else {
      frames_.pop_back();
    }
  }
  frames_.clear();
}

// What an effect leads to runs before the effects after it.
void InMemoryEngine::begin(const std::string& workflow_id, Decision decision) {
  frames_.push_back({workflow_id, std::move(decision), 0, false});
}

void InMemoryEngine::evaluate(const std::string& workflow_id) {
  frames_.push_back({workflow_id, decider_.decide(*get(workflow_id), now_), 0, true});
}

void InMemoryEngine::note_change(const Workflow& workflow, const TaskRow& row) {
  const auto stored = store_[workflow.id].tasks.find(row.id);
  if (stored == store_[workflow.id].tasks.end() || stored->second["status"] != to_text(row.status))
    ++changes_;
}

void InMemoryEngine::carry_out(std::string id, const Effect& effect) {
  Workflow& workflow = *get(id);
  const auto store_record = [&] {
    Json record = record_to_json(workflow);
    if (store_[id].record.is_null() || store_[id].record["status"] != record["status"]) ++changes_;
    store_[id].record = std::move(record);
  };
  std::visit(
      EffectVisitor{
          [&](const CreateWorkflow&) { store_record(); },
          [&](const StoreWorkflow&) { store_record(); },
          [&](const StoreTask& stored) {
            const TaskRow& row = workflow.row(stored.row);
            note_change(workflow, row);
            store_[id].tasks[row.id] = to_json(row, workflow);
            task_owner_[row.id] = id;
            limits_.note(row);
          },
          [&](const DeleteTask& deleted) {
            store_[id].tasks.erase(deleted.task_id);
            task_owner_.erase(deleted.task_id);
          },
          [&](const Push& push) { queues_.push(push.queue, push.message, now_ + push.delay); },
          [&](const Remove& remove) { queues_.remove(remove.queue, remove.message); },
          [&](const Reschedule& move) {
            queues_.reschedule(move.queue, move.message, now_ + move.delay, move.only_if_earlier);
          },
          [&](const Evaluate&) { evaluate(id); },
          [&](const StartWorkflow& start) { start_requested(*start.request, start.evaluate); },
          [&](const StartFailureWorkflow& start) { start_requested(*start.request, true); },
          [&](const NoteFailureWorkflow& note) {
            decider_.note_failure_workflow(workflow, note.text);
            store_record();
          },
          [&](const CopyToParent& copy) {
            if (Workflow* parent = get(copy.parent_id)) {
              carry_out(copy.parent_id, decider_.child_changed(*parent, copy.parent_task_id,
                                                               summary_of(workflow), now_));
            }
          },
          [&](const ReviveParent& revive) {
            if (Workflow* parent = get(revive.parent_id)) {
              carry_out(revive.parent_id,
                        decider_.revive_parent(*parent, revive.parent_task_id, now_));
            }
          },
          [&](const TerminateChild& terminate) {
            if (Workflow* child = get(terminate.child_id)) {
              carry_out(terminate.child_id,
                        decider_.terminate_child(*child, terminate.reason, now_));
            }
          },
          [&](const Publish& publish) { events_.push_back({publish.sink, publish.payload}); },
          [&](const CallHttp& call) { answer_http(id, call); },
          [](const Finished&) {},
      },
      effect);
  if (watcher_ && !crashed_) watcher_(workflow, effect);
}

void InMemoryEngine::start_requested(const StartRequest& request, bool evaluate_now) {
  if (get(request.workflow_id)) {  // this very workflow had been started before
    queues_.push(kDeciderQueue, request.workflow_id, now_);
    return;
  }
  if (frames_.size() > kMostNested) {
    refused_starts_.push_back(request.workflow_id);
    return;
  }
  Result<Started> started = decider_.start(request, evaluate_now, now_);
  SOUNDCHECK_ASSERT(started, "a workflow that the decider asked for cannot be started: {}",
                    started.error().text.str());
  const std::string id = request.workflow_id;
  workflows_.insert_or_assign(id, std::move(started->workflow));
  order_.push_back(id);
  ++changes_;
  begin(id, std::move(started->decision));
}

void InMemoryEngine::answer_http(const std::string& workflow_id, const CallHttp& call) {
  http_requests_.push_back(call.request);
  HttpAnswer answer;
  if (http_) {
    answer = http_(call.request);
  } else {
    answer.answered = false;
    answer.text = "nobody answers HTTP calls here";
  }
  if (Workflow* workflow = get(workflow_id)) {
    begin(workflow_id, decider_.http_answered(*workflow, call.task_id, answer, now_, now_));
  }
}

// --- the API
// --------------------------------------------------------------------------------------

Result<void> InMemoryEngine::run_operation(
    const std::string& workflow_id, const std::function<Result<Decision>(Workflow&)>& operation) {
  Workflow* workflow = get(workflow_id);
  if (!workflow)
    return failure(ErrorCode::kNotFound, "No such workflow found by id: " + workflow_id);
  Result<Decision> decision = operation(*workflow);
  if (!decision) return std::unexpected(decision.error());
  carry_out(workflow_id, std::move(*decision));
  return {};
}

Result<std::string> InMemoryEngine::start(StartRequest request) {
  if (request.workflow_id.empty()) request.workflow_id = fmt::format("w{}", next_workflow_++);
  Result<Started> started = decider_.start(request, true, now_);
  if (!started) return std::unexpected(started.error());
  workflows_.insert_or_assign(request.workflow_id, std::move(started->workflow));
  order_.push_back(request.workflow_id);
  carry_out(request.workflow_id, std::move(started->decision));
  return request.workflow_id;
}

Result<void> InMemoryEngine::terminate(const std::string& workflow_id, const std::string& reason) {
  return run_operation(
      workflow_id, [&](Workflow& workflow) { return decider_.terminate(workflow, reason, now_); });
}

Result<void> InMemoryEngine::pause(const std::string& workflow_id) {
  return run_operation(workflow_id,
                       [&](Workflow& workflow) { return decider_.pause(workflow, now_); });
}

Result<void> InMemoryEngine::resume(const std::string& workflow_id) {
  return run_operation(workflow_id,
                       [&](Workflow& workflow) { return decider_.resume(workflow, now_); });
}

Result<void> InMemoryEngine::retry(const std::string& workflow_id, bool resume_sub_workflow_tasks) {
  std::string id = workflow_id;
  if (const Workflow* top = find(id); top && resume_sub_workflow_tasks && top->terminal()) {
    if (!Decider::has_failed_task(*top)) return {};
    while (const std::optional<std::string> child = Decider::child_to_retry(*find(id))) {
      const Workflow* below = find(*child);
      if (!below || !Decider::has_failed_task(*below)) break;
      id = *child;
    }
  }
  return run_operation(id, [&](Workflow& workflow) { return decider_.retry(workflow, now_); });
}

Result<void> InMemoryEngine::restart(const std::string& workflow_id, bool latest_definition) {
  return run_operation(workflow_id, [&](Workflow& workflow) {
    return decider_.restart(workflow, latest_definition, now_);
  });
}

Result<void> InMemoryEngine::rerun(const std::string& workflow_id, const Decider::Rerun& request) {
  const Workflow* workflow = find(workflow_id);
  const bool elsewhere =
      workflow && !request.from_task_id.empty() && !workflow->find_task(request.from_task_id);
  if (!elsewhere) {
    return run_operation(workflow_id,
                         [&](Workflow& found) { return decider_.rerun(found, request, now_); });
  }
  for (const TaskRow& row : workflow->rows()) {
    if (row.removed || row.kind != TaskType::kSubWorkflow || row.sub_workflow_id.empty()) continue;
    Decider::Rerun below = request;
    below.workflow_input.reset();
    below.correlation_id.reset();
    const std::string sub_workflow_task = row.id;
    const Result<void> reran = rerun(row.sub_workflow_id, below);
    if (!reran) continue;
    Decider::Rerun here = request;
    here.from_task_id = sub_workflow_task;
    here.in_child = true;
    return run_operation(workflow_id, [&](Workflow& found) {
      // The rerun below has already revived this workflow; what it keeps and drops is decided here.
      if (!found.terminal()) found.status = WorkflowStatus::kFailed;
      return decider_.rerun(found, here, now_);
    });
  }
  return failure(ErrorCode::kNotFound, "Task " + request.from_task_id + " not found");
}

Result<void> InMemoryEngine::skip(const std::string& workflow_id, const std::string& reference,
                                  const Json& input, const Json& output) {
  return run_operation(workflow_id, [&](Workflow& workflow) {
    return decider_.skip(workflow, reference, input, output, now_);
  });
}

Result<void> InMemoryEngine::reset_callbacks(const std::string& workflow_id) {
  return run_operation(
      workflow_id, [&](Workflow& workflow) { return decider_.reset_callbacks(workflow, now_); });
}

Result<void> InMemoryEngine::update(const std::string& workflow_id, const TaskResult& result) {
  return run_operation(workflow_id, [&](Workflow& workflow) {
    return decider_.update_task(workflow, result, now_);
  });
}

std::optional<std::string> InMemoryEngine::workflow_of_task(const std::string& task_id) const {
  const auto it = task_owner_.find(task_id);
  return it == task_owner_.end() ? std::nullopt : std::optional(it->second);
}

std::optional<InMemoryEngine::WorkerTask> InMemoryEngine::poll(const std::string& task_type,
                                                               const std::string& worker_id) {
  while (const std::optional<std::string> task_id = queues_.oldest_visible(task_type, now_)) {
    const std::optional<std::string> workflow_id = workflow_of_task(*task_id);
    Workflow* workflow = workflow_id ? get(*workflow_id) : nullptr;
    if (!workflow) {
      queues_.remove(task_type, *task_id);
      continue;
    }
    HandOut hand_out = decider_.hand_out(*workflow, *task_id, worker_id, limits_, now_);
    if (hand_out.decision.effects.empty()) queues_.remove(task_type, *task_id);
    carry_out(*workflow_id, std::move(hand_out.decision));
    if (crashed_) return std::nullopt;
    if (hand_out.outcome != HandOut::Outcome::kHandedOut) continue;
    const TaskRow& row = workflow->row(*workflow->find_task(*task_id));
    return WorkerTask{*workflow_id, row.id, row.reference, row.input};
  }
  return std::nullopt;
}

// --- time
// -------------------------------------------------------------------------------------------

// The visible messages of one queue, each once.
bool InMemoryEngine::run_system_tasks(const std::string& queue) {
  const std::uint64_t before = changes_;
  for (const std::string& task_id : queues_.visible(queue, now_)) {
    if (crashed_) return false;
    const std::optional<std::string> workflow_id = workflow_of_task(task_id);
    Workflow* workflow = workflow_id ? get(*workflow_id) : nullptr;
    if (!workflow || !workflow->find_task(task_id)) {
      queues_.remove(queue, task_id);
      continue;
    }
    carry_out(*workflow_id, decider_.execute_system_task(*workflow, task_id, limits_, now_));
  }
  return changes_ != before;
}

bool InMemoryEngine::run_decider_queue() {
  const std::uint64_t before = changes_;
  for (const std::string& workflow_id : queues_.visible(kDeciderQueue, now_)) {
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
    for (const char* queue : kSystemQueues) {
      const bool ran = run_system_tasks(queue);
      changed = decide_all() || ran || changed;
    }
  }
}

void InMemoryEngine::advance(Duration duration) {
  now_ += duration;
}

void InMemoryEngine::sweep(const std::string& workflow_id) {
  Workflow* workflow = get(workflow_id);
  if (!workflow || workflow->terminal()) {
    queues_.remove(kDeciderQueue, workflow_id);
    return;
  }
  // The decision says when the message comes again.
  queues_.reschedule(kDeciderQueue, workflow_id, now_ + decider_.settings().workflow_offset, false);
  const std::uint64_t before = changes_;
  Decision decide;
  decide.effects.push_back(Evaluate{});
  carry_out(workflow_id, std::move(decide));
  if (crashed_ || changes_ != before || workflow->terminal()) return;
  SweepView view;
  view.has_message = [&](const std::string& queue, const std::string& message) {
    return queues_.contains(queue, message);
  };
  view.child = [&](const std::string& id) -> std::optional<ChildSummary> {
    const Workflow* child = find(id);
    return child ? std::optional(summary_of(*child)) : std::nullopt;
  };
  carry_out(workflow_id, decider_.repair(*workflow, view, now_));
}

bool InMemoryEngine::decide_all() {
  const std::uint64_t before = changes_;
  for (const std::string& workflow_id : workflow_ids()) {
    const Workflow* workflow = find(workflow_id);
    if (!workflow || workflow->terminal() || crashed_) continue;
    Decision decide;
    decide.effects.push_back(Evaluate{});
    carry_out(workflow_id, std::move(decide));
  }
  return changes_ != before;
}

void InMemoryEngine::sweep_all() {
  for (const std::string& workflow_id : workflow_ids()) {
    const Workflow* workflow = find(workflow_id);
    if (workflow && !workflow->terminal() && !crashed_) sweep(workflow_id);
  }
}

// --- failures of the server
// -----------------------------------------------------------------------

void InMemoryEngine::recover() {
  crashed_ = false;
  frames_.clear();
  workflows_.clear();
  task_owner_.clear();
  limits_ = Limits();
  std::erase_if(order_, [&](const std::string& id) {
    return !store_.contains(id) || store_[id].record.is_null();
  });
  for (const std::string& id : order_) {
    std::vector<Json> rows;
    for (const auto& [task_id, row] : store_[id].tasks) rows.push_back(row);
    Workflow workflow = workflow_from_json(store_[id].record, rows, definitions_);
    for (const TaskRow& row : workflow.rows()) {
      task_owner_[row.id] = id;
      limits_.note(row);
    }
    workflows_.insert_or_assign(id, std::move(workflow));
  }
}

}  // namespace soundcheck::conductor
