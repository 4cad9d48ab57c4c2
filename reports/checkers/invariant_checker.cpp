#include "reports/checkers/invariant_checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace soundcheck {

namespace {

std::vector<Invariant> applicable(const Observer& observer, std::vector<Invariant> invariants,
                                  std::vector<std::string>& left_out) {
  std::vector<Invariant> result;
  for (Invariant& invariant : invariants) {
    const bool complete = std::ranges::all_of(
        invariant.tables, [&](const std::string& table) { return observer.has_table(table); });
    if (complete) {
      result.push_back(std::move(invariant));
    } else {
      left_out.push_back(invariant.id);
    }
  }
  return result;
}

std::set<std::uint64_t>& named_by(InvariantFinding finding, SagaFindings& sagas) {
  switch (finding) {
    case InvariantFinding::kBroken:
      return sagas.violated;
    case InvariantFinding::kUnended:
      return sagas.unended;
    case InvariantFinding::kLeft:
      return sagas.left;
  }
  return sagas.violated;
}

std::string name_of_row(const Invariant& invariant, const SqlRow& row) {
  if (!invariant.key.empty()) return to_text(row[0]);
  std::string name;
  for (std::size_t i = 0; i < row.size(); ++i) name += (i > 0 ? ", " : "") + to_text(row[i]);
  return name;
}

}  // namespace

std::string to_text(const SqlValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *integer);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
  return "NULL";
}

InvariantChecker::InvariantChecker(Observer& observer, const Ledger& ledger, EventStream& events,
                                   std::vector<Invariant> invariants, CheckerOptions options)
    : observer_(observer),
      ledger_(ledger),
      options_(options),
      invariants_(applicable(observer, std::move(invariants), left_out_)),
      rules_(observer, invariants_),
      broken_(invariants_.size()),
      results_(invariants_.size()),
      any_sampled_(std::ranges::any_of(invariants_, &Invariant::sampled)) {
  observer_.listen(*this);
  events.listen(*this, {EventKind::kSagaEnded});
}

void InvariantChecker::on_commit(const Commit& commit) {
  for (const TouchedKey& touched : rules_.keys_of(commit))
    check_key(touched.invariant, touched.key, commit.at, commit.saga.saga);
  if (any_sampled_ && commit.at >= next_sample_) sample(commit);
}

void InvariantChecker::sample(const Commit& commit) {
  next_sample_ = commit.at + options_.sample_every;
  for (std::uint32_t i = 0; i < invariants_.size(); ++i) {
    if (invariants_[i].sampled()) check_all(i, commit.at, commit.saga.saga, false);
  }
}

void InvariantChecker::check_key(std::uint32_t invariant, const SqlValue& key, Time at,
                                 std::uint64_t breaker) {
  InvariantResult& result = results_[invariant];
  ++result.checks;
  const auto rows = observer_.query(invariants_[invariant].one_sql, {&key, 1});
  if (!rows) {
    result.error = rows.error().text;
    return;
  }
  if (rows->empty() && !broken_.any(invariant)) return;  // nearly always
  const std::string name = to_text(key);
  if (!rows->empty()) {
    broke(invariant, key, name, at, breaker);
  } else if (broken_.find(invariant, name) != nullptr) {
    repaired(invariant, name, at);
  }
}

void InvariantChecker::check_all(std::uint32_t invariant, Time at, std::uint64_t breaker,
                                 bool at_rest) {
  const Invariant& checked = invariants_[invariant];
  InvariantResult& result = results_[invariant];
  ++result.checks;
  const auto rows = observer_.query(checked.all_sql, {});
  if (!rows) {
    result.error = rows.error().text;
    return;
  }
  std::set<std::string> found;
  for (const SqlRow& row : *rows) {
    const bool waits = checked.finds == InvariantFinding::kUnended &&
                       ledger_.waits_for_person(saga_of(invariant, row[0]));
    if (waits) continue;
    const std::string name = name_of_row(checked, row);
    if (!found.insert(name).second) continue;
    if (at_rest && checked.by_key() && broken_.find(invariant, name) == nullptr)
      ++result.found_only_at_rest;
    broke(invariant, row[0], name, at, breaker);
  }
  std::vector<std::string> gone;
  for (const auto& [name, broken] : broken_.of(invariant)) {
    if (!found.contains(name)) gone.push_back(name);
  }
  for (const std::string& name : gone) repaired(invariant, name, at);
}

void InvariantChecker::broke(std::uint32_t invariant, const SqlValue& key, const std::string& name,
                             Time at, std::uint64_t breaker) {
  BrokenKey* broken = broken_.find(invariant, name);
  if (broken == nullptr) {
    broken = &broken_.add(invariant, name,
                          {.since = at,
                           .saga = saga_of(invariant, key),
                           .breaker = breaker,
                           .kept_at = BrokenKey::kNotKept});
  }
  if (broken->convicted) return;
  const bool may_be_open = invariants_[invariant].when == InvariantClass::kBetweenSagas;
  if (!may_be_open || !excused(*broken)) convict(invariant, name, *broken, at);
}

void InvariantChecker::repaired(std::uint32_t invariant, const std::string& name, Time at) {
  InvariantResult& result = results_[invariant];
  const BrokenKey& broken = *broken_.find(invariant, name);
  result.windows.record(at - broken.since);
  if (broken.kept_at != BrokenKey::kNotKept) result.kept[broken.kept_at].repaired = at;
  broken_.remove(invariant, name);
}

void InvariantChecker::convict(std::uint32_t invariant, const std::string& name, BrokenKey& broken,
                               Time at) {
  InvariantResult& result = results_[invariant];
  broken.convicted = true;
  ++result.violations;
  if (broken.culprit() != 0) {
    named_by(invariants_[invariant].finds, sagas_).insert(broken.culprit());
  }
  if (result.kept.size() == InvariantResult::kKeptViolations) return;
  broken.kept_at = result.kept.size();
  result.kept.push_back(
      {.key = name, .saga = broken.culprit(), .broken = broken.since, .convicted = at});
}

bool InvariantChecker::excused(const BrokenKey& broken) const {
  return ledger_.open(broken.saga) || ledger_.open(broken.breaker);
}

// The ledger has heard the same event before: the saga may be over now.
void InvariantChecker::on_event(const Event& event) {
  const auto ended = event.as<SagaEnded>();
  for (const auto& [invariant, name] : broken_.of_saga(ended.saga)) {
    if (invariants_[invariant].when != InvariantClass::kBetweenSagas) continue;
    BrokenKey& broken = *broken_.find(invariant, name);
    if (!broken.convicted && !excused(broken)) convict(invariant, name, broken, event.at);
  }
}

std::uint64_t InvariantChecker::saga_of(std::uint32_t invariant, const SqlValue& key) {
  const std::string& sql = invariants_[invariant].saga_sql;
  if (sql.empty()) return 0;
  const auto rows = observer_.query(sql, {&key, 1});
  if (!rows) {
    results_[invariant].error = rows.error().text;
    return 0;
  }
  if (rows->empty() || (*rows)[0].size() == 0) return 0;
  const SqlValue& id = (*rows)[0][0];
  if (const auto* number = std::get_if<std::int64_t>(&id))
    return static_cast<std::uint64_t>(*number);
  const auto* text = std::get_if<std::string>(&id);
  std::uint64_t saga = 0;
  if (text != nullptr) std::from_chars(text->data(), text->data() + text->size(), saga, 16);
  return saga;
}

void InvariantChecker::count_over(std::uint32_t invariant) {
  const std::string& sql = invariants_[invariant].over_sql;
  InvariantResult& result = results_[invariant];
  if (sql.empty()) return;
  result.has_over = true;
  const auto rows = observer_.query(sql, {});
  if (!rows) {
    result.error = rows.error().text;
  } else if (!rows->empty()) {
    result.over = static_cast<std::uint64_t>((*rows)[0].integer(0));
  }
}

void InvariantChecker::check_at_rest(Time at) {
  for (std::uint32_t i = 0; i < invariants_.size(); ++i) {
    InvariantResult& result = results_[i];
    check_all(i, at, 0, true);
    for (const auto& [name, unused] : broken_.of(i)) {
      BrokenKey& broken = *broken_.find(i, name);
      if (!broken.convicted) convict(i, name, broken, at);
      ++result.never_repaired;
    }
    count_over(i);
    if (result.violations > 0) {
      result.status = InvariantStatus::kViolated;
    } else if (!result.error.empty()) {
      result.status = InvariantStatus::kNotChecked;
    } else if (result.has_over && result.over == 0) {
      result.status = InvariantStatus::kNothingToCheck;
    } else {
      result.status = InvariantStatus::kHolds;
    }
    if (result.error.empty() && !rules_.error().empty() && invariants_[i].by_key())
      result.error = rules_.error();
  }
}

void InvariantChecker::break_off() {
  for (InvariantResult& result : results_)
    result.status =
        result.violations > 0 ? InvariantStatus::kViolated : InvariantStatus::kNotChecked;
}

std::uint64_t InvariantChecker::broken_now() const {
  std::uint64_t count = 0;
  for (std::uint32_t i = 0; i < invariants_.size(); ++i) count += broken_.of(i).size();
  return count;
}

std::vector<InvariantMistake> check_queries(Observer& observer,
                                            const std::vector<Invariant>& invariants) {
  std::vector<InvariantMistake> mistakes;
  std::set<std::string> ids;
  for (const Invariant& invariant : invariants) {
    const auto complain = [&](std::string sentence) {
      mistakes.push_back({invariant.file, invariant.line, 1, std::move(sentence)});
    };
    if (!ids.insert(invariant.id).second)
      complain(fmt::format("an invariant '{}' was already there", invariant.id));
    const bool complete = std::ranges::all_of(
        invariant.tables, [&](const std::string& table) { return observer.has_table(table); });
    if (!complete) continue;
    const auto columns = observer.columns_of(invariant.all_sql);
    if (!columns) {
      complain(fmt::format("{}: {}", invariant.id, columns.error().text.str()));
    } else if (!invariant.key.empty() && columns->front() != invariant.key) {
      complain(fmt::format("{}: the key is '{}', but the first column of the query is '{}'",
                           invariant.id, invariant.key, columns->front()));
    }
    const auto must_compile = [&](const std::string& sql, std::string_view heading) {
      if (sql.empty()) return;
      if (const auto found = observer.columns_of(sql); !found)
        complain(fmt::format("{}, '{}:': {}", invariant.id, heading, found.error().text.str()));
    };
    must_compile(invariant.one_sql, "key");
    must_compile(invariant.saga_sql, "saga");
    must_compile(invariant.over_sql, "over");
    for (const ChangedRule& rule : invariant.changed) must_compile(rule.query, "changed");
  }
  return mistakes;
}

}  // namespace soundcheck
