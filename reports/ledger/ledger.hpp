#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "reports/latency/histogram.hpp"
#include "reports/ledger/saga_table.hpp"
#include "sim/events/event_stream.hpp"

namespace soundcheck {

class Observer;

using SagaCounts = std::array<std::uint64_t, kSagaOutcomes>;  // by SagaOutcome

// Sagas of one workflow definition.
struct WorkflowTally {
  NameId workflow;
  std::uint64_t started = 0;
  std::uint64_t open = 0;
  std::uint64_t retries = 0;
  SagaCounts outcomes{};
  Histogram duration;  // of completed ones
};

// A saga that did not end well, for the report.
struct SagaCase {
  SagaRecord saga;
  SagaOutcome outcome{};
};

// Sagas that invariants name.
struct SagaFindings {
  std::set<std::uint64_t> violated;  // left behind what must not be
  std::set<std::uint64_t> unended;   // did not end, or their compensation did not
  std::set<std::uint64_t> left;      // left something of what they did
};

// What became of every saga.
struct LedgerBalance {
  std::uint64_t started = 0;
  std::uint64_t open = 0;  // of an aborted run: no outcome yet
  SagaCounts outcomes{};
  std::vector<WorkflowTally> workflows;  // as they were first met
  // Inconsistent, not undone, stuck, needs-human, unjudged; oldest first.
  std::vector<SagaCase> worst;

  std::uint64_t operator[](SagaOutcome outcome) const {
    return outcomes[static_cast<std::size_t>(outcome)];
  }
};

// Keeps the books of sagas, from their events. Make it before the checkers, which ask it whether a
// saga is open while they hear the same event. A saga is what one id names: its workflow,
// sub-workflows and compensation.
class Ledger final : public EventListener {
 public:
  static constexpr std::size_t kWorstCases = 20;

  explicit Ledger(EventStream& events);
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  void on_event(const Event& event) override;

  // Whether a saga may still put right what it broke: it runs, its compensation runs, or it failed
  // and a compensation may yet be started for it (a watchdog does that minutes later).
  bool open(std::uint64_t saga) const;
  std::uint64_t open_sagas() const { return open_; }  // workflows or compensations that run
  std::uint64_t started() const { return table_.records().size(); }
  const SagaRecord* find(std::uint64_t saga) const { return table_.find(saga); }
  const std::vector<SagaRecord>& sagas() const { return table_.records(); }  // as they began

  // Whether a HUMAN task of it is open.
  bool waits_for_person(std::uint64_t saga) const;

  // Closes the books at rest. `observer`, if there is one, tells what failed sagas had done (from
  // fleet.effects and world.executions). In an aborted run what is open is not stuck.
  LedgerBalance balance(Observer* observer, const SagaFindings& findings,
                        bool aborted = false) const;

 private:
  void on(Time at, const SagaStarted& started);
  void on(Time at, const SagaStep& step);
  void on(Time at, const SagaEnded& ended);
  void on(Time at, const SagaNeedsHuman& human);

  SagaTable table_;
  std::uint64_t open_ = 0;
};

// What is left of what a saga did, from the fences of services and the books of effects.
struct SagaEffects {
  bool known = false;     // they are there
  bool any = false;       // it did something that counts: a compensatable or a pivot step
  bool left = false;      // something of it was not undone
  bool undone = false;    // something was undone
  bool unstated = false;  // it did something of which nothing says what undoes it
};
SagaEffects effects_of(Observer* observer, std::uint64_t saga);

// What invariants find about one saga.
struct SagaFinding {
  bool violated = false;
  bool unended = false;
  bool left = false;
};

// Outcomes exclude one another: what has not ended is stuck or waits for a person, whatever it
// broke until now; only of what ended can be said what it left behind.
SagaOutcome outcome_of(const SagaRecord& saga, const SagaEffects& effects,
                       const SagaFinding& finding = {});

}  // namespace soundcheck
