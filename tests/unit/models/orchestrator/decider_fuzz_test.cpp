// Random definitions, workers, operators, order and crashes between transactions: every workflow
// reaches its end or a documented wait, no status machine is violated, and nothing is lost except
// where Conductor loses it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "models/orchestrator/decider/workflow_json.hpp"
#include "sim/core/fingerprint.hpp"
#include "tests/support/orchestrator/in_memory_engine.hpp"
#include "tests/unit/models/orchestrator/random_definitions.hpp"
#include "tests/unit/models/orchestrator/status_watch.hpp"

namespace soundcheck::conductor {
namespace {

std::uint64_t runs_wanted() {
  const char* text = std::getenv("SOUNDCHECK_FUZZ_RUNS");
  return text ? std::strtoull(text, nullptr, 10) : 500;
}

// One random life of a few workflows.
class FuzzRun {
 public:
  FuzzRun(std::uint64_t seed, bool crashes)
      : random_(seed, "fuzz"),
        faults_(seed, "fuzz-crashes"),
        crashes_(crashes),
        definitions_for_(random_) {
    definitions_for_.fill(definitions_);
    engine_ = std::make_unique<InMemoryEngine>(definitions_, scripts_, Settings{}, seed);
    engine_->watch(
        [this](const Workflow& workflow, const Changes& changes) { watch(workflow, changes); });
    engine_->crash_before([this](const Workflow& workflow, const Changes& changes, const auto&) {
      return crash(workflow, changes);
    });
  }

  using Changes = orchestrator::Changes;

  void live() {
    disturb_ = true;
    for (int i = 0; i < 2; ++i) start();
    for (int i = 0; i < 60; ++i) {
      step();
      after_step();
    }
    disturb_ = false;
    settle();
  }

  void check_the_end() {
    for (const std::string& id : engine_->workflow_ids()) {
      const Workflow& workflow = *engine_->find(id);
      if (may_be_lost_.contains(id)) continue;
      EXPECT_TRUE(workflow.terminal()) << id << " is " << to_text(workflow.status) << "\n"
                                       << describe(workflow);
      if (!workflow.terminal() || workflow.name() != "main") continue;
      if (!statuses_.needs_failure_workflow(id) || lost_compensation_.contains(id)) continue;
      const std::string failure = Decider::failure_workflow_id(workflow);
      EXPECT_TRUE(engine_->find(failure)) << failure << " was never started\n"
                                          << describe(workflow);
    }
    EXPECT_TRUE(statuses_.problems().empty()) << statuses_.problems().front();
  }

  std::string definition() const { return definitions_for_.main().dump(1); }
  std::string digest() const { return digest_.hex(); }
  int crashes() const { return crash_count_; }

 private:
  void watch(const Workflow& workflow, const Changes& changes) {
    digest_.add(workflow.id);
    digest_.add(static_cast<std::uint64_t>(workflow.status));
    for (const std::size_t index : changes.rows) {
      digest_.add(workflow.row(index).id);
      digest_.add(static_cast<std::uint64_t>(workflow.row(index).status));
    }
    statuses_.see(workflow, changes);
  }

  // --- crashes ----------------------------------------------------------------------------------

  // Dies before a transaction now and then, and notes what Conductor would lose there.
  bool crash(const Workflow& workflow, const Changes& changes) {
    if (!crashes_ || !disturb_ || !faults_.chance(0.06)) return false;
    ++crash_count_;
    // A start is two writes: record, then decider queue.
    const bool queued = engine_->queues().due(kDeciderQueue, workflow.id).has_value();
    if (!queued && workflow.rows().empty()) may_be_lost_.insert(workflow.id);
    // In the middle of a retry, restart or rerun, which are many writes and touch other workflows.
    if (replaying_) {
      for (const std::string& other : engine_->workflow_ids()) may_be_lost_.insert(other);
    }
    if (changes.create)
      lost_compensation_.insert(workflow.id.substr(0, workflow.id.find(".failure")));
    between_final_status_and_failure_workflow(workflow.id);
    return true;
  }

  // The final status is stored but the effects before StartFailureWorkflow were not all carried
  // out.
  void between_final_status_and_failure_workflow(const std::string& id) {
    for (const auto& [workflow_id, status] : statuses_.records()) {
      const bool ended = status == WorkflowStatus::kFailed || status == WorkflowStatus::kTimedOut;
      const Workflow* workflow = engine_->find(workflow_id);
      if (ended && workflow && !engine_->find(Decider::failure_workflow_id(*workflow)))
        lost_compensation_.insert(workflow_id);
    }
    // A workflow that waits for a human is in no decider queue, so no sweep repairs what was to
    // come after the end of the wait, or of a child.
    for (const Workflow* workflow = engine_->find(id); workflow;
         workflow = engine_->find(workflow->parent_id)) {
      for (const TaskRow& row : workflow->rows()) {
        if (row.kind == TaskType::kHuman && !row.removed) may_be_lost_.insert(workflow->id);
      }
    }
  }

  // --- what happens -----------------------------------------------------------------------------

  int below(int bound) {
    return static_cast<int>(random_.below(static_cast<std::uint64_t>(bound)));
  }

  void start() {
    StartRequest request;
    request.name = "main";
    request.input = {{"kind", std::string(1, static_cast<char>('a' + below(3)))},
                     {"items", Json::array()}};
    for (int i = below(4); i > 0; --i) request.input["items"].push_back({{"n", i}});
    (void)engine_->start(request);
  }

  Workflow stored_and_read(const Workflow& workflow) {
    std::vector<Json> rows;
    for (const TaskRow& row : workflow.rows()) {
      if (!row.removed) rows.push_back(Json::parse(to_stored_text(row)));
    }
    const std::string record = to_stored_record(lasting_record_text(workflow), workflow);
    return workflow_from_json(Json::parse(record), rows, definitions_);
  }

  // An open loop keeps of its iterations only what their rows tell, and `keepLastN` removes rows.
  static Json without_removed_iterations(const Workflow& workflow) {
    Json json = to_json(workflow);
    for (Json& row : json["tasks"]) {
      if (row["taskType"] != "DO_WHILE" || row["status"] != "IN_PROGRESS") continue;
      const auto loop = row["referenceTaskName"].get<std::string>();
      Json& output = row["outputData"];
      for (std::int32_t iteration = 1;
           output.contains("iteration") && iteration < output["iteration"].get<std::int32_t>();
           ++iteration) {
        const bool has_rows = std::ranges::any_of(workflow.rows(), [&](const TaskRow& of) {
          return !of.removed && of.iteration == iteration && of.node && of.node->loop &&
                 of.node->loop->reference() == loop;
        });
        if (!has_rows) output.erase(std::to_string(iteration));
      }
    }
    return json;
  }

  void after_step() {
    if (!engine_->crashed()) engine_->run_until_quiet();
    while (engine_->crashed()) {
      engine_->recover();
      statuses_.forget();
      for (const std::string& id : engine_->workflow_ids()) {
        const Workflow& workflow = *engine_->find(id);
        statuses_.know(workflow);
        // Reading back what was written gives the same JSON.
        EXPECT_EQ(to_json(workflow_from_json(to_json(workflow), definitions_)), to_json(workflow));
        EXPECT_EQ(to_json(stored_and_read(workflow)), without_removed_iterations(workflow));
      }
      engine_->run_until_quiet();
    }
  }

  void step() {
    switch (below(10)) {
      case 0:
        return advance();
      case 1:
        operate();
        replaying_ = false;
        return;
      case 2:
      case 3:
        return finish_silent();
      default:
        return work();
    }
  }

  void advance() {
    if (below(2) == 0) {
      engine_->advance(Duration::seconds(1 + below(40)));
    } else if (const auto due = engine_->next_due()) {
      engine_->advance(*due - engine_->now());
    }
  }

  void work() {
    const std::vector<std::string> queues = definitions_for_.queues();
    const auto task = engine_->poll(
        queues[static_cast<std::size_t>(below(static_cast<int>(queues.size())))], "w");
    if (!task || engine_->crashed()) return;
    TaskResult result;
    result.task_id = task->task_id;
    result.output = {{"by", engine_->now().in_milliseconds()}};
    switch (below(12)) {
      case 0:
      case 1:
        silent_.push_back(*task);
        return;
      case 2:
      case 3:
        result.status = TaskStatus::kFailed;
        result.reason = "no";
        break;
      case 4:
        result.status = below(3) == 0 ? TaskStatus::kFailedWithTerminalError : TaskStatus::kFailed;
        break;
      case 5:
        result.status = TaskStatus::kInProgress;
        result.callback_after_seconds = below(20);
        break;
      case 6:
        if (below(4) == 0) result.status = TaskStatus::kCanceled;
        break;
      default:
        break;
    }
    (void)engine_->update(task->workflow_id, result);
  }

  void finish_silent() {
    if (silent_.empty()) return work();
    const std::size_t which = static_cast<std::size_t>(below(static_cast<int>(silent_.size())));
    TaskResult result;
    result.task_id = silent_[which].task_id;
    result.extend_lease = below(3) == 0;
    (void)engine_->update(silent_[which].workflow_id, result);
    if (!result.extend_lease) silent_.erase(silent_.begin() + static_cast<std::ptrdiff_t>(which));
  }

  void operate() {
    const std::vector<std::string> ids = engine_->workflow_ids();
    if (ids.empty()) return;
    const std::string id = ids[static_cast<std::size_t>(below(static_cast<int>(ids.size())))];
    const Workflow& workflow = *engine_->find(id);
    const auto replay = [&] {
      replaying_ = true;
      for (const std::string& other : ids)
        statuses_.allow_replay(other);  // parents are revived too
    };
    switch (below(9)) {
      case 0:
        (void)engine_->terminate(id, "operator");
        return;
      case 1:
        (void)engine_->pause(id);
        return;
      case 2:
      case 3:
        (void)engine_->resume(id);
        return;
      case 4:
        replay();
        (void)engine_->retry(id, below(2) == 0);
        return;
      case 5:
        replay();
        (void)engine_->restart(id, false);
        return;
      case 6: {
        Decider::Rerun request;
        if (below(3) > 0) request.from_task_id = rerun_from(workflow);
        replay();
        (void)engine_->rerun(id, request);
        return;
      }
      case 7:
        skip_one(id);
        return;
      default:
        return start();
    }
  }

  // Rerun drops rows by their sequence number, so from inside a fork, or from its join, it tears
  // the other branches off, in Conductor too.
  std::string rerun_from(const Workflow& workflow) {
    std::vector<std::string> ids;
    for (const TaskRow& row : workflow.rows()) {
      const bool top_level = row.node && !row.dynamic_node && row.iteration == 0 &&
                             row.kind != TaskType::kJoin &&
                             std::ranges::count(workflow.blueprint->top_level(), row.node) > 0;
      if (!row.removed && top_level) ids.push_back(row.id);
    }
    return ids.empty() ? "" : ids[static_cast<std::size_t>(below(static_cast<int>(ids.size())))];
  }

  // A worker task at the top level: a skipped fork, or a branch skipped at its start, makes the
  // join wait for ever, in Conductor too.
  void skip_one(const std::string& id) {
    std::vector<std::string> references;
    for (const Node* node : engine_->find(id)->blueprint->top_level()) {
      if (node->type() == TaskType::kSimple) references.push_back(node->reference());
    }
    if (references.empty()) return;
    const std::size_t which = static_cast<std::size_t>(below(static_cast<int>(references.size())));
    (void)engine_->skip(id, references[which], Json::object(), Json::object());
  }

  // Operators and workers do their best; time passes.
  void settle() {
    for (int round = 0; round < 3000 && !all_ended(); ++round) {
      for (const std::string& id : engine_->workflow_ids()) {
        const Workflow* workflow = engine_->find(id);
        if (workflow->status == WorkflowStatus::kPaused) (void)engine_->resume(id);
        complete_open_waits(id);
      }
      bool worked = false;
      for (const std::string& queue : definitions_for_.queues()) {
        while (const auto task = engine_->poll(queue, "w")) {
          TaskResult result;
          result.task_id = task->task_id;
          (void)engine_->update(task->workflow_id, result);
          worked = true;
        }
      }
      engine_->run_until_quiet();
      if (worked) continue;
      const auto due = engine_->next_due();
      engine_->advance(due ? *due - engine_->now() : Duration::seconds(30));
      engine_->run_until_quiet();
    }
  }

  void complete_open_waits(const std::string& id) {
    std::vector<std::string> waits;
    for (const TaskRow& row : engine_->find(id)->rows()) {
      const bool external = row.kind == TaskType::kHuman || row.kind == TaskType::kEvent;
      if (external && !row.removed && row.status == TaskStatus::kInProgress)
        waits.push_back(row.id);
    }
    for (const std::string& task_id : waits) {
      TaskResult result;
      result.task_id = task_id;
      (void)engine_->update(id, result);
    }
  }

  bool all_ended() const {
    for (const std::string& id : engine_->workflow_ids()) {
      if (!engine_->find(id)->terminal() && !may_be_lost_.contains(id)) return false;
    }
    return true;
  }

  std::string describe(const Workflow& workflow) const {
    std::string text = "reason: " + workflow.reason + "\n";
    for (const TaskRow& row : workflow.rows()) {
      text += row.id + " " + row.reference + " " + row.type + " " +
              std::string(to_text(row.status)) + (row.executed ? " executed" : "") +
              (row.retried ? " retried" : "") + "\n";
    }
    return text;
  }

  RandomStream random_, faults_;
  bool crashes_ = false, disturb_ = false, replaying_ = false;
  RandomDefinitions definitions_for_;
  Definitions definitions_;
  NoScripts scripts_;
  std::unique_ptr<InMemoryEngine> engine_;
  std::vector<InMemoryEngine::WorkerTask> silent_;
  StatusWatch statuses_;
  std::set<std::string> may_be_lost_, lost_compensation_;
  Fingerprint digest_;
  int crash_count_ = 0;
};

TEST(DeciderFuzz, EveryWorkflowEndsWithoutCrashes) {
  for (std::uint64_t seed = 1; seed <= runs_wanted() && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FuzzRun run(seed, false);
    run.live();
    run.check_the_end();
    if (::testing::Test::HasFailure()) ADD_FAILURE() << run.definition();
  }
}

TEST(DeciderFuzz, NothingIsLostByCrashesExceptWhereConductorLosesIt) {
  int crashes = 0;
  for (std::uint64_t seed = 1; seed <= runs_wanted() && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FuzzRun run(seed, true);
    run.live();
    run.check_the_end();
    crashes += run.crashes();
    if (::testing::Test::HasFailure()) ADD_FAILURE() << run.definition();
  }
  EXPECT_GT(crashes, static_cast<int>(runs_wanted()));
}

TEST(DeciderFuzz, TheSameSeedGivesTheSameEffects) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    FuzzRun first(seed, true), second(seed, true);
    first.live();
    second.live();
    EXPECT_EQ(first.digest(), second.digest());
  }
}

}  // namespace
}  // namespace soundcheck::conductor
