#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "reports/checkers/broken_keys.hpp"
#include "reports/checkers/change_rules.hpp"
#include "reports/checkers/invariant.hpp"
#include "reports/checkers/invariant_file.hpp"
#include "reports/checkers/violation.hpp"
#include "reports/ledger/ledger.hpp"
#include "sim/env/observer.hpp"
#include "sim/events/event_stream.hpp"

namespace soundcheck {

struct CheckerOptions {
  // How often invariants without a key are checked while the run lasts, at most.
  Duration sample_every = Duration::seconds(10);
};

// Watches invariants while a run lasts, and judges them at rest.
//   S  each commit checks the keys that it touches; a broken one is a violation at once
//   W  the same, but it is a violation only when no saga that touches it is open any more: neither
//      the key's own (`saga:`) nor the one that broke it; at rest in any case
//   Q  at rest only
// S and W without a key are sampled by a full check; at rest every invariant is checked in full.
// An invariant that names a table which is not in the world is left out.
class InvariantChecker final : public CommitListener, public EventListener {
 public:
  // Make it after the ledger and keep all three alive as long as the run.
  InvariantChecker(Observer& observer, const Ledger& ledger, EventStream& events,
                   std::vector<Invariant> invariants, CheckerOptions options = {});
  InvariantChecker(const InvariantChecker&) = delete;
  InvariantChecker& operator=(const InvariantChecker&) = delete;

  void on_commit(const Commit& commit) override;
  void on_event(const Event& event) override;  // a saga has ended
  // Everything has come to rest: the last word on every invariant.
  void check_at_rest(Time at);
  // The run was aborted: what was violated until then is, of the rest nothing can be said.
  void break_off();

  const std::vector<Invariant>& invariants() const { return invariants_; }  // those that apply
  const std::vector<InvariantResult>& results() const { return results_; }  // in the same order
  const std::vector<std::string>& left_out() const { return left_out_; }    // their ids
  // Sagas that violations name, and why.
  const SagaFindings& sagas() const { return sagas_; }
  std::uint64_t broken_now() const;

 private:
  void check_key(std::uint32_t invariant, const SqlValue& key, Time at, std::uint64_t breaker);
  void check_all(std::uint32_t invariant, Time at, std::uint64_t breaker, bool at_rest);
  void sample(const Commit& commit);
  void broke(std::uint32_t invariant, const SqlValue& key, const std::string& name, Time at,
             std::uint64_t breaker);
  void repaired(std::uint32_t invariant, const std::string& name, Time at);
  void convict(std::uint32_t invariant, const std::string& name, BrokenKey& broken, Time at);
  bool excused(const BrokenKey& broken) const;
  std::uint64_t saga_of(std::uint32_t invariant, const SqlValue& key);
  void count_over(std::uint32_t invariant);

  Observer& observer_;
  const Ledger& ledger_;
  CheckerOptions options_;
  std::vector<std::string> left_out_;
  std::vector<Invariant> invariants_;
  ChangeRules rules_;
  BrokenKeys broken_;
  std::vector<InvariantResult> results_;
  SagaFindings sagas_;
  bool any_sampled_ = false;
  Time next_sample_;
};

// Tries all queries on the observer's tables, without a run: mistakes in users' own invariants,
// with the place where the invariant was written. Also ids that occur twice.
std::vector<InvariantMistake> check_queries(Observer& observer,
                                            const std::vector<Invariant>& invariants);

// A key as reports write it.
std::string to_text(const SqlValue& value);

}  // namespace soundcheck
