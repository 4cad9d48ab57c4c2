#include "models/orchestrator/decider/workflow.hpp"

#include <algorithm>

#include "models/orchestrator/decider/task_domains.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck::conductor {

namespace {

std::optional<Time> earlier(std::optional<Time> a, std::optional<Time> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

bool pending(const TaskRow& row) {
  return !row.removed && !row.retried && !row.executed && row.status != TaskStatus::kSkipped;
}

// The first instant at which one of the timeouts of the row strikes. ALERT_ONLY changes nothing, so
// only the response timeout, which ignores the policy, is left then.
std::optional<Time> timeout_of(const TaskRow& row) {
  if (!row.node || row.terminal() || !pending(row)) return std::nullopt;
  const TaskDefinition& definition = row.node->definition;
  std::optional<Time> at;
  if (definition.timeout_policy != TimeoutPolicy::kAlertOnly) {
    const Duration start_delay = Duration::seconds(row.start_delay_seconds);
    if (definition.total_timeout_seconds > 0 && row.first_scheduled) {
      at = *row.first_scheduled + Duration::seconds(definition.total_timeout_seconds);
    }
    if (definition.timeout_seconds > 0 && row.started) {
      at = earlier(at, *row.started + start_delay + Duration::seconds(definition.timeout_seconds));
    }
    if (definition.poll_timeout_seconds.value_or(0) > 0 && row.status == TaskStatus::kScheduled &&
        row.scheduled) {
      at = earlier(at, *row.scheduled + start_delay +
                           Duration::seconds(*definition.poll_timeout_seconds) +
                           Duration::seconds(row.callback_after_seconds));
    }
  }
  if (definition.response_timeout_seconds > 0 && row.status == TaskStatus::kInProgress &&
      row.updated && !row.async_complete()) {
    at = earlier(at, *row.updated + Duration::seconds(definition.response_timeout_seconds) +
                         Duration::seconds(row.callback_after_seconds));
  }
  return at;
}

SweepClass sweep_of(const TaskRow& row, std::int64_t workflow_timeout, Time& at) {
  if (row.kind == TaskType::kSubWorkflow || !row.node) return SweepClass::kOffset;
  const TaskDefinition& definition = row.node->definition;
  if (row.status == TaskStatus::kInProgress) {
    if (row.kind == TaskType::kWait) {
      if (!row.wait_until) return SweepClass::kOffset;
      at = *row.wait_until;
      return SweepClass::kWait;
    }
    if (row.kind == TaskType::kHuman || definition.response_timeout_seconds == 0)
      return SweepClass::kOffset;
    at = row.started.value_or(Time()) + Duration::seconds(definition.response_timeout_seconds + 1);
    return SweepClass::kDeadline;
  }
  if (definition.poll_timeout_seconds.value_or(0) > 0) {
    at = row.scheduled.value_or(Time()) + Duration::seconds(*definition.poll_timeout_seconds + 1);
    return SweepClass::kDeadline;
  }
  return workflow_timeout > 0 ? SweepClass::kWorkflowTimeout : SweepClass::kOffset;
}

}  // namespace

std::string without_iteration(const std::string& reference) {
  return reference.substr(0, reference.find("__"));
}

std::string with_iteration(const std::string& reference, std::int32_t iteration) {
  return reference + "__" + std::to_string(iteration);
}

std::string TaskRow::queue() const {
  return queue_name(type, domain);
}

bool TaskRow::async_complete() const {
  if (kind == TaskType::kSubWorkflow) return true;
  if (!is_system(kind)) return false;
  if (const auto it = input.find("asyncComplete"); it != input.end() && it->is_boolean())
    return it->get<bool>();
  return node && node->task->async_complete;
}

Duration TaskRow::callback_after() const {
  return Duration::seconds(callback_after_seconds) + Duration::milliseconds(callback_jitter_ms);
}

TaskRow& Workflow::modify(std::size_t index) {
  if (touched_.empty() || touched_.back() != index) touched_.push_back(index);
  return rows_[index];
}

std::size_t Workflow::append(TaskRow row) {
  rows_.push_back(std::move(row));
  link(rows_.size() - 1);
  return rows_.size() - 1;
}

std::size_t Workflow::insert_first(TaskRow row) {
  rows_.insert(rows_.begin(), std::move(row));
  rebuild();
  return 0;
}

void Workflow::remove(std::size_t index) {
  TaskRow& row = modify(index);
  row.removed = true;
  row.input = row.output = Json::object();
  by_id_.erase(row.id);
  std::optional<std::size_t> before = previous_[index];
  while (before && rows_[*before].removed) before = previous_[*before];
  if (const auto it = latest_.find(row.reference); it != latest_.end() && it->second == index) {
    if (before) {
      it->second = *before;
      modify(*before);
    } else {
      latest_.erase(it);
    }
  }
}

void Workflow::erase_after(std::int32_t sequence) {
  std::erase_if(rows_, [&](const TaskRow& row) { return row.removed || row.sequence > sequence; });
  rebuild();
}

void Workflow::number(std::size_t index, std::int32_t sequence) {
  modify(index).sequence = sequence;
  highest_sequence_ = std::max(highest_sequence_, sequence);
}

void Workflow::clear_rows() {
  rows_.clear();
  rebuild();
}

void Workflow::rebuild() {
  previous_.clear();
  by_id_.clear();
  latest_.clear();
  latest_named_.clear();
  terminate_row_.reset();
  highest_sequence_ = 0;
  touched_.clear();
  derived_.clear();
  deadlines_.clear();
  sweep_deadlines_.clear();
  waits_.clear();
  to_process_.clear();
  active_.clear();
  unsuccessful_joins_.clear();
  changed_sub_workflows_.clear();
  open_ = unexecuted_ = humans_ = sweep_offsets_ = sweep_workflow_timeouts_ = 0;
  joins_.clear();
  joined_by_.clear();
  loops_.clear();
  for (std::size_t i = 0; i < rows_.size(); ++i) link(i);
}

// Makes row `index`, the last one linked so far, known under its names.
void Workflow::link(std::size_t index) {
  const TaskRow& row = rows_[index];
  derived_.emplace_back();
  previous_.emplace_back();
  highest_sequence_ = std::max(highest_sequence_, row.sequence);
  touched_.push_back(index);
  if (row.removed) return;
  by_id_[row.id] = index;
  const auto [it, first] = latest_.emplace(row.reference, index);
  if (!first) {
    previous_[index] = it->second;
    touched_.push_back(it->second);
    it->second = index;
  }
  const bool in_loop =
      row.iteration > 0 && row.kind != TaskType::kDoWhile;  // a loop counts its iterations there
  latest_named_[in_loop ? without_iteration(row.reference) : row.reference] = index;
  if (row.kind == TaskType::kJoin) open_join(index);
  if (row.node && row.node->loop && row.iteration > 0) {
    const auto loop = latest(row.node->loop->reference());
    if (loop && rows_[*loop].iteration == row.iteration) loops_[*loop].rows.push_back(index);
  }
}

void Workflow::open_join(std::size_t index) const {
  const TaskRow& row = rows_[index];
  const auto list = row.input.find("joinOn");
  if (list == row.input.end() || !list->is_array()) return;
  Join& join = joins_[index];
  for (const Json& name : *list) {
    if (!name.is_string()) continue;
    const std::string reference = row.iteration > 0
                                      ? with_iteration(name.get<std::string>(), row.iteration)
                                      : name.get<std::string>();
    join.references.push_back(reference);
    joined_by_[reference].push_back(index);
    ++join.waiting;
    const auto joined = latest_.find(reference);
    if (joined == latest_.end()) continue;
    const Derived& derived = derived_[joined->second];
    if (derived.latest && derived.ended) --join.waiting;
    if (derived.latest && derived.broken) ++join.broken;
  }
}

std::optional<std::size_t> Workflow::find_task(const std::string& task_id) const {
  const auto it = by_id_.find(task_id);
  return it == by_id_.end() ? std::nullopt : std::optional(it->second);
}

std::optional<std::size_t> Workflow::latest(const std::string& reference) const {
  const auto it = latest_.find(reference);
  return it == latest_.end() ? std::nullopt : std::optional(it->second);
}

std::optional<std::size_t> Workflow::latest_named(const std::string& name) const {
  const auto it = latest_named_.find(name);
  if (it == latest_named_.end() || rows_[it->second].removed) return std::nullopt;
  return it->second;
}

std::optional<std::size_t> Workflow::previous_of_reference(std::size_t index) const {
  return previous_[index];
}

Workflow::Derived Workflow::derive(std::size_t index) const {
  const TaskRow& row = rows_[index];
  Derived derived;
  if (row.removed) return derived;
  derived.counted = true;
  const bool waits_here = pending(row);
  derived.open = !row.terminal();
  derived.unexecuted = row.status != TaskStatus::kSkipped && !row.executed;
  derived.to_process = waits_here && row.terminal();
  derived.active =
      waits_here && derived.open && is_sync_system(row.kind) && row.kind != TaskType::kHuman;
  derived.human = row.kind == TaskType::kHuman && row.status == TaskStatus::kInProgress;
  derived.unsuccessful_join = row.kind == TaskType::kJoin && !row.successful();
  derived.changed_sub_workflow =
      row.kind == TaskType::kSubWorkflow && row.sub_workflow_changed && !row.retried;
  derived.deadline = timeout_of(row);
  if (derived.open)
    derived.sweep = sweep_of(row, blueprint->definition().timeout_seconds, derived.sweep_at);
  const auto latest = latest_.find(row.reference);
  derived.latest = latest != latest_.end() && latest->second == index;
  derived.ended = row.terminal();
  derived.failed = !row.successful();
  derived.broken = derived.failed && !row.optional() && !row.permissive();
  return derived;
}

void Workflow::refresh() const {
  // Entering a row touches no other, so the list is complete before it is worked off.
  for (const std::size_t index : touched_) refresh_row(index);
  touched_.clear();
}

void Workflow::refresh_row(std::size_t index) const {
  ++work_;
  const Derived derived = derive(index);
  withdraw(index, derived_[index]);
  derived_[index] = derived;
  enter(index, derived);
}

void Workflow::withdraw(std::size_t index, const Derived& old) const {
  if (!old.counted) return;
  open_ -= old.open;
  unexecuted_ -= old.unexecuted;
  humans_ -= old.human;
  if (old.to_process) to_process_.erase(index);
  if (old.active) active_.erase(index);
  if (old.unsuccessful_join) unsuccessful_joins_.erase(index);
  if (old.changed_sub_workflow) changed_sub_workflows_.erase(index);
  if (old.deadline) deadlines_.erase({*old.deadline, index});
  if (old.sweep == SweepClass::kDeadline) sweep_deadlines_.erase({old.sweep_at, index});
  if (old.sweep == SweepClass::kWait) waits_.erase({old.sweep_at, index});
  sweep_offsets_ -= old.sweep == SweepClass::kOffset;
  sweep_workflow_timeouts_ -= old.sweep == SweepClass::kWorkflowTimeout;
  if (!old.latest) return;
  if (const auto joins = joined_by_.find(rows_[index].reference); joins != joined_by_.end()) {
    for (const std::size_t join : joins->second) {
      joins_[join].waiting += old.ended;
      joins_[join].broken -= old.broken;
    }
  }
  if (Loop* loop = loop_around(index)) {
    loop->open -= !old.ended;
    loop->failed -= old.failed;
  }
}

void Workflow::enter(std::size_t index, const Derived& now) const {
  if (!now.counted) return;
  open_ += now.open;
  unexecuted_ += now.unexecuted;
  humans_ += now.human;
  if (now.to_process) to_process_.insert(index);
  if (now.active) active_.insert(index);
  if (now.unsuccessful_join) unsuccessful_joins_.insert(index);
  if (now.changed_sub_workflow) changed_sub_workflows_.insert(index);
  if (now.deadline) deadlines_.insert({*now.deadline, index});
  if (now.sweep == SweepClass::kDeadline) sweep_deadlines_.insert({now.sweep_at, index});
  if (now.sweep == SweepClass::kWait) waits_.insert({now.sweep_at, index});
  sweep_offsets_ += now.sweep == SweepClass::kOffset;
  sweep_workflow_timeouts_ += now.sweep == SweepClass::kWorkflowTimeout;
  const TaskRow& row = rows_[index];
  if (row.kind == TaskType::kTerminate && now.ended && !now.failed) terminate_row_ = index;
  if (!now.latest) return;
  if (const auto joins = joined_by_.find(row.reference); joins != joined_by_.end()) {
    for (const std::size_t join : joins->second) {
      joins_[join].waiting -= now.ended;
      joins_[join].broken += now.broken;
    }
  }
  if (Loop* loop = loop_around(index)) {
    loop->open += !now.ended;
    loop->failed += now.failed;
    loop->changed.push_back(index);
  }
}

// The loop whose current iteration the row belongs to.
Workflow::Loop* Workflow::loop_around(std::size_t index) const {
  const TaskRow& row = rows_[index];
  if (row.iteration == 0 || !row.node || !row.node->loop) return nullptr;
  const auto loop = latest(row.node->loop->reference());
  return loop && rows_[*loop].iteration == row.iteration ? &loops_[*loop] : nullptr;
}

std::vector<std::size_t> Workflow::candidates(Time now) const {
  refresh();
  std::set<std::size_t> found(to_process_.begin(), to_process_.end());
  found.insert(active_.begin(), active_.end());
  for (const auto& [at, index] : deadlines_) {
    if (at > now) break;
    found.insert(index);
  }
  work_ += found.size();
  return {found.begin(), found.end()};
}

std::size_t Workflow::open_rows() const {
  refresh();
  return open_;
}

bool Workflow::has_unexecuted_rows() const {
  refresh();
  return unexecuted_ > 0;
}

bool Workflow::waits_for_human() const {
  refresh();
  return humans_ > 0;
}

std::int32_t Workflow::highest_sequence() const {
  return highest_sequence_;
}

std::optional<std::size_t> Workflow::terminate_row() const {
  refresh();
  return terminate_row_;
}

std::vector<std::size_t> Workflow::unsuccessful_joins() const {
  refresh();
  return {unsuccessful_joins_.begin(), unsuccessful_joins_.end()};
}

std::vector<std::size_t> Workflow::changed_sub_workflows() const {
  refresh();
  return {changed_sub_workflows_.begin(), changed_sub_workflows_.end()};
}

const Workflow::Join& Workflow::join(std::size_t index) const {
  refresh();
  return joins_[index];
}

Workflow::Loop& Workflow::loop(std::size_t index) {
  refresh();
  return loops_[index];
}

void Workflow::start_iteration(std::size_t loop_index) {
  refresh();
  Loop& loop = loops_[loop_index] = Loop();
  // Normally there is none yet; after a crash its first rows may have been stored before the
  // loop's.
  for (const std::string& name : rows_[loop_index].node->loop_references) {
    for (auto row = latest(with_iteration(name, rows_[loop_index].iteration)); row;
         row = previous_[*row]) {
      loop.rows.push_back(*row);
      loop.changed.push_back(*row);
      const Derived& derived = derived_[*row];
      if (!derived.latest) continue;
      loop.open += !derived.ended;
      loop.failed += derived.failed;
    }
    ++work_;
  }
  std::sort(loop.rows.begin(), loop.rows.end());
}

std::optional<Time> Workflow::earliest(SweepClass sweep_class) const {
  refresh();
  const auto& times = sweep_class == SweepClass::kWait ? waits_ : sweep_deadlines_;
  return times.empty() ? std::nullopt : std::optional(times.begin()->first);
}

std::optional<Time> Workflow::next_timeout() const {
  refresh();
  return deadlines_.empty() ? std::nullopt : std::optional(deadlines_.begin()->first);
}

std::size_t Workflow::count(SweepClass sweep_class) const {
  refresh();
  return sweep_class == SweepClass::kOffset ? sweep_offsets_ : sweep_workflow_timeouts_;
}

}  // namespace soundcheck::conductor
