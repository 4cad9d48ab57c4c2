#include "reports/ledger/ledger.hpp"

#include <algorithm>

#include "sim/env/observer.hpp"
#include "sim/events/name_table.hpp"

namespace soundcheck {

Ledger::Ledger(EventStream& events) {
  events.listen(*this, {EventKind::kSagaStarted, EventKind::kSagaStep, EventKind::kSagaEnded,
                        EventKind::kSagaNeedsHuman});
}

void Ledger::on_event(const Event& event) {
  switch (event.kind) {
    case EventKind::kSagaStarted:
      return on(event.at, event.as<SagaStarted>());
    case EventKind::kSagaStep:
      return on(event.at, event.as<SagaStep>());
    case EventKind::kSagaEnded:
      return on(event.at, event.as<SagaEnded>());
    case EventKind::kSagaNeedsHuman:
      return on(event.at, event.as<SagaNeedsHuman>());
    default:
      break;
  }
}

void Ledger::on(Time at, const SagaStarted& started) {
  SagaRecord* saga = table_.find(started.saga);
  if (saga == nullptr) {
    saga = &table_.add(started.saga);
    saga->started = at;
    saga->workflow = started.workflow;
    ++open_;
  }
  saga->changed = at;
  if (!started.compensation) return;  // a sub-workflow of the same saga, or the saga itself
  saga->compensation = started.workflow;
  if (saga->undos_open++ == 0 && saga->ended()) ++open_;
}

void Ledger::on(Time at, const SagaStep& step) {
  SagaRecord* const saga = table_.find(step.saga);
  if (saga == nullptr) return;
  saga->changed = at;
  if (step.attempt > 0 && step.status == SagaTaskStatus::kScheduled && saga->retries < 0x7fff)
    ++saga->retries;
  if (step.status == SagaTaskStatus::kCompleted && !step.compensation) saga->did_something = true;
  const bool open =
      step.status == SagaTaskStatus::kScheduled || step.status == SagaTaskStatus::kInProgress;
  if (step.step == saga->human_step && !open) saga->human_step = {};
  saga->step = step.step;
}

void Ledger::on(Time at, const SagaEnded& ended) {
  SagaRecord* const saga = table_.find(ended.saga);
  if (saga == nullptr) return;
  saga->changed = at;
  if (ended.compensation) {
    // A compensation that failed is put right only by one of the same name.
    if (saga->undo_status == SagaStatus::kCompleted || ended.workflow == saga->compensation) {
      saga->undo_status = ended.status;
      saga->compensation = ended.workflow;
    }
    if (saga->undos_open > 0 && --saga->undos_open == 0 && saga->ended() && open_ > 0) --open_;
  } else if (ended.workflow == saga->workflow && !saga->ended()) {
    saga->status = ended.status;
    if (saga->undos_open == 0 && open_ > 0) --open_;
  } else {
    return;  // a sub-workflow
  }
  if (ended.stopped_at.valid() && ended.status != SagaStatus::kCompleted)
    saga->step = ended.stopped_at;
}

void Ledger::on(Time at, const SagaNeedsHuman& human) {
  SagaRecord* const saga = table_.find(human.saga);
  if (saga == nullptr) return;
  saga->human_step = human.step;
  saga->step = human.step;
  saga->changed = at;
}

bool Ledger::open(std::uint64_t id) const {
  const SagaRecord* const saga = table_.find(id);
  if (saga == nullptr) return false;
  if (!saga->ended() || saga->undos_open > 0) return true;
  return saga->status != SagaStatus::kCompleted && !saga->compensation.valid();
}

SagaEffects effects_of(Observer* observer, std::uint64_t saga) {
  if (observer == nullptr || !observer->has_table("fleet.effects")) return {};
  static constexpr std::string_view kDone =
      "SELECT COUNT(*), COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM fleet.effects u"
      " WHERE u.saga_id=d.saga_id AND u.step=d.step AND u.kind='UNDO' AND u.state='APPLIED')"
      " THEN 0 ELSE 1 END),0) FROM fleet.effects d WHERE d.saga_id=?1 AND d.kind='DO'"
      " AND d.state='APPLIED' AND d.role IN ('COMPENSATABLE','PIVOT')";
  const SqlValue id = to_text(saga);
  // Workflows that state no plan keep no fences either.
  static constexpr std::string_view kPlan = "SELECT COUNT(*) FROM fleet.steps WHERE saga_id=?1";
  if (observer->has_table("fleet.steps")) {
    const auto plan = observer->query(kPlan, {&id, 1});
    if (plan && !plan->empty() && plan->front().integer(0) == 0) return {};
  }
  const auto rows = observer->query(kDone, {&id, 1});
  if (!rows || rows->empty()) return {};
  return {.known = true, .any = rows->front().integer(0) > 0, .left = rows->front().integer(1) > 0};
}

SagaOutcome outcome_of(const SagaRecord& saga, const SagaEffects& effects, bool violated,
                       bool unended) {
  const bool ended = saga.ended() && saga.undos_open == 0;
  if (!ended) return saga.human_step.valid() ? SagaOutcome::kNeedsHuman : SagaOutcome::kStuck;
  if (saga.compensation.valid() && saga.undo_status != SagaStatus::kCompleted)
    return SagaOutcome::kStuck;
  // A compensation that is due and never began. (One too many leaves an end, but not a good one.)
  if (unended && !saga.compensation.valid()) return SagaOutcome::kStuck;
  if (violated || unended) return SagaOutcome::kInconsistent;
  if (saga.status == SagaStatus::kCompleted) return SagaOutcome::kCompleted;
  if (effects.left) return SagaOutcome::kInconsistent;
  if (effects.known) return effects.any ? SagaOutcome::kCompensated : SagaOutcome::kFailedCleanly;
  if (saga.compensation.valid()) return SagaOutcome::kCompensated;
  return saga.did_something ? SagaOutcome::kNotUndone : SagaOutcome::kFailedCleanly;
}

namespace {

// The worse the smaller; what went well is no case.
int rank_of(SagaOutcome outcome) {
  switch (outcome) {
    case SagaOutcome::kInconsistent:
      return 0;
    case SagaOutcome::kStuck:
      return 1;
    case SagaOutcome::kNeedsHuman:
      return 2;
    default:
      return 3;
  }
}

}  // namespace

bool Ledger::waits_for_person(std::uint64_t id) const {
  const SagaRecord* const saga = table_.find(id);
  return saga != nullptr && outcome_of(*saga, {}) == SagaOutcome::kNeedsHuman;
}

LedgerBalance Ledger::balance(Observer* observer, const SagaFindings& findings,
                              bool aborted) const {
  LedgerBalance balance;
  NameTable workflows;
  std::array<std::vector<SagaCase>, 3> cases;
  for (const SagaRecord& saga : table_.records()) {
    const std::uint32_t number = workflows.number_of(saga.workflow);
    if (number >= balance.workflows.size()) balance.workflows.push_back({saga.workflow});
    WorkflowTally& workflow = balance.workflows[number];
    ++balance.started;
    ++workflow.started;
    workflow.retries += saga.retries;
    if (aborted && open(saga.id)) {
      ++balance.open;
      ++workflow.open;
      continue;
    }
    const bool went_well = saga.status == SagaStatus::kCompleted && saga.undos_open == 0;
    const SagaEffects effects = went_well ? SagaEffects() : effects_of(observer, saga.id);
    const SagaOutcome outcome = outcome_of(saga, effects, findings.violated.contains(saga.id),
                                           findings.unended.contains(saga.id));
    ++balance.outcomes[static_cast<std::size_t>(outcome)];
    ++workflow.outcomes[static_cast<std::size_t>(outcome)];
    if (outcome == SagaOutcome::kCompleted) workflow.duration.record(saga.changed - saga.started);
    const int rank = rank_of(outcome);
    if (rank < 3 && cases[rank].size() < kWorstCases) cases[rank].push_back({saga, outcome});
  }
  for (const auto& of_rank : cases) {
    for (const SagaCase& one : of_rank) {
      if (balance.worst.size() < kWorstCases) balance.worst.push_back(one);
    }
  }
  return balance;
}

}  // namespace soundcheck
