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

namespace {

std::int64_t count_of(Observer& observer, std::string_view sql, const SqlValue& saga) {
  const auto rows = observer.query(sql, {&saga, 1});
  return rows && !rows->empty() ? rows->front().integer(0) : 0;
}

}  // namespace

SagaEffects effects_of(Observer* observer, std::uint64_t saga) {
  static constexpr std::string_view kDone =
      "SELECT COUNT(*) FROM fleet.effects WHERE saga_id=?1 AND kind='DO' AND state='APPLIED'"
      " AND role IN ('COMPENSATABLE','PIVOT')";
  static constexpr std::string_view kLeft =
      "SELECT COUNT(*) FROM fleet.effects d WHERE d.saga_id=?1 AND d.kind='DO'"
      " AND d.state='APPLIED' AND d.role IN ('COMPENSATABLE','PIVOT') AND NOT EXISTS"
      " (SELECT 1 FROM fleet.effects u WHERE u.saga_id=d.saga_id AND u.step=d.step"
      " AND u.kind='UNDO' AND u.state='APPLIED' AND u.seq>d.seq)";
  static constexpr std::string_view kUndone =
      "SELECT COUNT(*) FROM fleet.effects WHERE saga_id=?1 AND kind='UNDO' AND state='APPLIED'";
  static constexpr std::string_view kUnstated =
      "SELECT COUNT(*) FROM world.executions WHERE saga_id=?1 AND effect='UNSTATED'";
  if (observer == nullptr || !observer->has_table("fleet.effects")) return {};
  const SqlValue id = to_text(saga);
  return {.known = true,
          .any = count_of(*observer, kDone, id) > 0,
          .left = count_of(*observer, kLeft, id) > 0,
          .undone = count_of(*observer, kUndone, id) > 0,
          .unstated =
              observer->has_table("world.executions") && count_of(*observer, kUnstated, id) > 0};
}

SagaOutcome outcome_of(const SagaRecord& saga, const SagaEffects& effects,
                       const SagaFinding& finding) {
  const bool ended = saga.ended() && saga.undos_open == 0;
  if (!ended) return saga.human_step.valid() ? SagaOutcome::kNeedsHuman : SagaOutcome::kStuck;
  if (saga.compensation.valid() && saga.undo_status != SagaStatus::kCompleted)
    return SagaOutcome::kStuck;
  // A compensation that is due and never began. (One too many leaves an end, but not a good one.)
  if (finding.unended && !saga.compensation.valid()) return SagaOutcome::kStuck;
  if (finding.violated || finding.unended) return SagaOutcome::kInconsistent;
  if (effects.left && saga.status != SagaStatus::kCompleted) {
    return effects.undone ? SagaOutcome::kInconsistent : SagaOutcome::kNotUndone;
  }
  if (finding.left) return SagaOutcome::kInconsistent;
  if (saga.status == SagaStatus::kCompleted) return SagaOutcome::kCompleted;
  if (effects.unstated || (!effects.known && saga.did_something)) return SagaOutcome::kUnjudged;
  return effects.any ? SagaOutcome::kCompensated : SagaOutcome::kFailedCleanly;
}

namespace {

constexpr std::size_t kRanks = 5;

// The worse the smaller; what went well is no case.
std::size_t rank_of(SagaOutcome outcome) {
  switch (outcome) {
    case SagaOutcome::kInconsistent:
      return 0;
    case SagaOutcome::kNotUndone:
      return 1;
    case SagaOutcome::kStuck:
      return 2;
    case SagaOutcome::kNeedsHuman:
      return 3;
    case SagaOutcome::kUnjudged:
      return 4;
    default:
      return kRanks;
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
  std::array<std::vector<SagaCase>, kRanks> cases;
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
    const SagaOutcome outcome = outcome_of(saga, effects,
                                           {.violated = findings.violated.contains(saga.id),
                                            .unended = findings.unended.contains(saga.id),
                                            .left = findings.left.contains(saga.id)});
    ++balance.outcomes[static_cast<std::size_t>(outcome)];
    ++workflow.outcomes[static_cast<std::size_t>(outcome)];
    if (outcome == SagaOutcome::kCompleted) workflow.duration.record(saga.changed - saga.started);
    const std::size_t rank = rank_of(outcome);
    if (rank < kRanks && cases[rank].size() < kWorstCases) cases[rank].push_back({saga, outcome});
  }
  for (const auto& of_rank : cases) {
    for (const SagaCase& one : of_rank) {
      if (balance.worst.size() < kWorstCases) balance.worst.push_back(one);
    }
  }
  return balance;
}

}  // namespace soundcheck
