#include "models/effects/effect_ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "models/effects/schema.hpp"
#include "sim/core/assert.hpp"
#include "sim/core/letters.hpp"
#include "sim/env/loop_iteration.hpp"
#include "sim/env/transaction.hpp"

namespace soundcheck {
namespace {

constexpr std::string_view kFacts = "world";

// Calls a function on the facts; it ends before this goes.
class OnFacts final : public TransactionBody {
 public:
  explicit OnFacts(std::function<void(Transaction&)> function) : function_(std::move(function)) {}
  bool run(Transaction& transaction) override {
    function_(transaction);
    return true;
  }

 private:
  std::function<void(Transaction&)> function_;
};

std::string text_of(std::uint64_t saga) {
  return fmt::format("{:016x}", saga);
}

// What was done of a step, under one name, and has or has not been undone.
struct Doing {
  std::string step;
  std::string task;
  std::string workflow_id;
  bool undone = false;
};

std::vector<Doing> doings_of(Transaction& transaction, const std::string& saga,
                             const std::string& step) {
  static constexpr Sql kDone{
      "SELECT d.step, d.task, d.workflow_id, MAX(d.seq) < COALESCE((SELECT MAX(u.seq) FROM "
      "world.effects u WHERE u.saga_id = ?1 AND u.step = d.step AND u.kind = 'UNDO' AND u.state = "
      "'APPLIED'), 0) FROM world.effects d WHERE d.saga_id = ?1 AND d.kind = 'DO' AND d.state = "
      "'APPLIED' AND d.stated = ?2 GROUP BY d.step, d.task, d.workflow_id ORDER BY d.step"};
  std::vector<Doing> doings;
  for (const SqlRow& row : transaction.query(kDone, saga, step))
    doings.push_back({row.text(0), row.text(1), row.text(2), row.integer(3) != 0});
  return doings;
}

// The same with those left out that `keep` does not take, unless it takes none.
template <class Keep>
void narrow(std::vector<Doing>& doings, const Keep& keep) {
  if (std::ranges::any_of(doings, keep)) std::erase_if(doings, std::not_fn(keep));
}

bool exists(Transaction& transaction, const std::string& saga, const std::string& step,
            std::string_view kind, std::string_view state) {
  static constexpr Sql kAny{
      "SELECT 1 FROM world.effects WHERE saga_id = ?1 AND step = ?2 AND kind = ?3 AND (?4 = '' OR "
      "state = ?4) LIMIT 1"};
  return transaction.one(kAny, saga, step, kind, state).has_value();
}

// "" for the first instance of a workflow in its saga, "#2" for the second that did something.
std::string instance_of(Transaction& transaction, const std::string& saga,
                        const std::string& workflow, const std::string& workflow_id) {
  static constexpr Sql kInstances{
      "SELECT workflow_id, MIN(execution) AS first FROM world.effects WHERE saga_id = ?1 AND "
      "workflow = ?2 AND kind = 'DO' GROUP BY workflow_id ORDER BY first"};
  std::size_t number = 1;
  for (const SqlRow& row : transaction.query(kInstances, saga, workflow)) {
    if (row.text(0) == workflow_id) break;
    ++number;
  }
  return number == 1 ? std::string() : fmt::format("#{}", number);
}

}  // namespace

// One effect, as it is written down.
struct EffectLedger::Done {
  const EffectLedger& ledger;
  Transaction& transaction;
  const Execution& execution;
  std::uint32_t number;
  std::string saga;
  std::string workflow;
  std::string reference;

  void write_effect(const Meaning& meaning, const std::string& step, std::string_view kind,
                    std::string_view state) const {
    static constexpr Sql kInsert{
        "INSERT INTO world.effects (saga_id, step, kind, application, role, state, seq, begun, "
        "stated, execution, workflow, workflow_id, task) SELECT ?1, ?2, ?3, "
        "COALESCE(MAX(application), 0) + 1, ?4, ?5, commit_seq(), ?6, ?7, ?8, ?9, ?10, ?11 FROM "
        "world.effects WHERE saga_id = ?1 AND step = ?2 AND kind = ?3"};
    transaction.execute(kInsert, saga, step, kind, in_upper_case(to_text(meaning.role)), state,
                        static_cast<std::int64_t>(execution.begun), meaning.step,
                        std::int64_t{number}, workflow, execution.workflow_id, reference);
  }

  // "APPLIED", "NOOP" or "REFUSED".
  std::string_view do_step(const Meaning& meaning) const {
    const LoopedName parts = split_iteration(reference);
    const std::string step =
        step_name(ledger.statements_, meaning.workflow, meaning.stated, parts.name) +
        std::string(parts.iteration) +
        instance_of(transaction, saga, workflow, execution.workflow_id);
    const bool refused =
        meaning.guard == StepGuard::kFence && exists(transaction, saga, step, "UNDO", "");
    const bool again =
        meaning.guard != StepGuard::kNone && exists(transaction, saga, step, "DO", "APPLIED");
    const std::string_view state = refused ? "REFUSED" : again ? "NOOP" : "APPLIED";
    write_effect(meaning, step, "DO", state);
    return state;
  }

  // "APPLIED" or "NOOP".
  std::string_view undo_step(const Meaning& meaning) const {
    std::vector<Doing> doings = doings_of(transaction, saga, meaning.step);
    narrow(doings, [&](const Doing& one) {
      return execution.workflow_id == one.workflow_id ||
             execution.workflow_id.starts_with(one.workflow_id + ".failure");
    });
    const std::string_view iteration = split_iteration(reference).iteration;
    if (!iteration.empty())
      narrow(doings,
             [&](const Doing& one) { return split_iteration(one.task).iteration == iteration; });
    const bool any_left = std::ranges::any_of(doings, [](const Doing& one) { return !one.undone; });
    const bool knows = meaning.guard != StepGuard::kNone;
    if (any_left) {
      std::erase_if(doings, [](const Doing& one) { return one.undone; });
    } else if (doings.empty()) {
      doings.push_back({.step = meaning.step});
    }
    const std::string_view state = knows && !any_left ? "NOOP" : "APPLIED";
    for (const Doing& one : doings) write_effect(meaning, one.step, "UNDO", state);
    return state;
  }

  // Whether it took effect, or was refused, by any of its meanings.
  struct Outcome {
    bool applied = false;
    bool refused = false;
  };
  Outcome write(const std::vector<Meaning>& meanings) const {
    Outcome outcome;
    for (const Meaning& meaning : meanings) {
      const std::string_view state = meaning.undo ? undo_step(meaning) : do_step(meaning);
      outcome.applied = outcome.applied || state == "APPLIED";
      outcome.refused = outcome.refused || state == "REFUSED";
    }
    return outcome;
  }
};

EffectLedger::EffectLedger(World& world, Databases& databases, const SagaStatements& statements)
    : world_(world), databases_(databases), statements_(statements) {
  databases_.set_task_effects(*this);
  databases_.load_facts(kFacts, effects::document("schema.sql"));
  for (const auto& [workflow, steps] : statements) {
    for (const auto& [step, statement] : steps) {
      Meaning meaning{.workflow = workflow,
                      .stated = step,
                      .step = step_name(statements, workflow, step, step),
                      .role = statement.role,
                      .guard = statement.guard};
      meanings_[{workflow, step}].push_back(meaning);
      if (statement.undo.empty()) continue;
      meaning.undo = true;
      meanings_[{"", statement.undo}].push_back(meaning);
    }
  }
}

std::uint32_t EffectLedger::begin(const SagaContext& saga, std::string_view workflow_id,
                                  std::string_view task) {
  Execution& execution = executions_[++last_];
  execution.saga = saga;
  execution.saga.execution = last_;
  execution.workflow_id = workflow_id;
  execution.task = task;
  execution.began = world_.now();
  execution.begun = databases_.next_commit();
  return last_;
}

std::uint32_t EffectLedger::work_begins(const SagaContext& saga, std::string_view workflow_id,
                                        std::string_view task) {
  ++at_work_;
  return begin(saga, workflow_id, task);
}

std::uint32_t EffectLedger::call_begins(const SagaContext& saga, std::string_view workflow_id,
                                        std::string_view task) {
  const std::uint32_t number = begin(saga, workflow_id, task);
  executions_[number].is_call = true;
  return number;
}

std::uint32_t EffectLedger::call_arrives(std::uint32_t number, ProcessId callee) {
  const auto found = executions_.find(number);
  if (found == executions_.end() || !found->second.is_call) return number;
  const std::string service(
      world_.names().text(world_.service_name(world_.process(callee).service)));
  if (databases_.observer().has_table(service + ".effects")) return number;
  const Execution call = found->second;
  const std::uint32_t execution = begin(call.saga, call.workflow_id, call.task);
  executions_[execution].call = number;
  return execution;
}

void EffectLedger::committed(std::uint32_t number) {
  const auto found = executions_.find(number);
  if (found != executions_.end() && found->second.call != 0) take_effect(number);
}

bool EffectLedger::take_effect(std::uint32_t number) {
  const auto found = executions_.find(number);
  if (found == executions_.end() || found->second.is_call) return true;
  Execution& execution = found->second;
  if (execution.done) return !execution.refused;
  execution.done = true;
  execution.done_at = world_.now();
  const std::vector<Meaning>& meanings = meanings_of(execution);
  if (meanings.empty()) {
    const bool in_undo =
        execution.saga.undo || execution.workflow_id.find(".failure") != std::string::npos;
    execution.effect = in_undo ? "OTHER" : "UNSTATED";
  } else {
    Done::Outcome outcome;
    OnFacts write([&](Transaction& transaction) {
      const Done done{.ledger = *this,
                      .transaction = transaction,
                      .execution = execution,
                      .number = number,
                      .saga = text_of(execution.saga.saga),
                      .workflow = std::string(world_.names().text(execution.saga.workflow)),
                      .reference = std::string(world_.names().text(execution.saga.step))};
      outcome = done.write(meanings);
    });
    databases_.record(write, execution.saga);
    execution.effect = outcome.applied ? "STATED" : "NONE";
    execution.refused = outcome.refused;
  }
  const auto call = executions_.find(execution.call);
  if (call != executions_.end()) {
    call->second.served_by = number;
  } else if (execution.call != 0) {  // nobody waits for it any more: the orchestrator never hears
    execution.answer = "DROPPED";
  }
  return !execution.refused;
}

void EffectLedger::answered(std::uint32_t number, bool taken) {
  const auto found = executions_.find(number);
  if (found == executions_.end()) return;
  // Of several callees the last one's answer is the one that counts.
  const std::uint32_t whose = found->second.is_call ? found->second.served_by : number;
  const auto done = executions_.find(whose);
  if (done != executions_.end() && done->second.done) {
    done->second.answer = taken ? "TAKEN" : "DROPPED";
    write_down(whose, done->second);
    executions_.erase(whose);
  }
  executions_.erase(number);
}

void EffectLedger::close() {
  for (const auto& [number, execution] : executions_) {
    if (execution.done) write_down(number, execution);
  }
  executions_.clear();
}

void EffectLedger::write_down(std::uint32_t number, const Execution& execution) {
  static constexpr Sql kInsert{
      "INSERT INTO world.executions (saga_id, execution, workflow, workflow_id, task, attempt, "
      "began_at, done_at, effect, answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"};
  OnFacts write([&](Transaction& transaction) {
    transaction.execute(
        kInsert, text_of(execution.saga.saga), std::int64_t{number},
        world_.names().text(execution.saga.workflow), execution.workflow_id,
        world_.names().text(execution.saga.step), static_cast<std::int64_t>(execution.saga.attempt),
        execution.began.since_start().in_milliseconds(),
        execution.done_at.since_start().in_milliseconds(), execution.effect, execution.answer);
  });
  databases_.record(write, execution.saga);
}

const std::vector<EffectLedger::Meaning>* EffectLedger::find(const std::string& workflow,
                                                             std::string_view task) const {
  const auto found = meanings_.find(std::pair(workflow, std::string(task)));
  return found == meanings_.end() ? nullptr : &found->second;
}

const std::vector<EffectLedger::Meaning>& EffectLedger::meanings_of(
    const Execution& execution) const {
  static const std::vector<Meaning> kNone;
  const std::string workflow(world_.names().text(execution.saga.workflow));
  const std::string_view reference = split_iteration(world_.names().text(execution.saga.step)).name;
  for (const std::string& of : {workflow, std::string()}) {
    for (const std::string_view task : {reference, std::string_view(execution.task)}) {
      if (const auto* const found = find(of, task)) return *found;
    }
  }
  return kNone;
}

}  // namespace soundcheck
