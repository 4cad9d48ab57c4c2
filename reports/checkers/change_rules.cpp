#include "reports/checkers/change_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace soundcheck {

namespace {

constexpr std::string_view kFleet = "fleet.";

// fleet.effects is the union of the effects tables of all services.
bool names(std::string_view rule, std::string_view table) {
  if (rule == table) return true;
  return rule.starts_with(kFleet) &&
         rule.substr(kFleet.size()) == table.substr(table.find('.') + 1);
}

}  // namespace

ChangeRules::ChangeRules(Observer& observer, const std::vector<Invariant>& invariants)
    : observer_(observer), invariants_(invariants) {}

ChangeRules::TableRules& ChangeRules::rules_of(std::string_view table) {
  auto found = std::ranges::lower_bound(tables_, table, {}, &TableRules::table);
  if (found != tables_.end() && found->table == table) return *found;
  TableRules rules{.table = std::string(table)};
  for (std::uint32_t i = 0; i < invariants_.size(); ++i) {
    if (!invariants_[i].by_key()) continue;
    for (const ChangedRule& rule : invariants_[i].changed) {
      if (names(rule.table, table)) rules.rules.push_back({i, &rule, {}});
    }
  }
  return *tables_.insert(found, std::move(rules));
}

void ChangeRules::resolve(TableRules& rules, const RowChange& change) {
  rules.resolved = true;
  const auto position_of = [&](const std::string& column) {
    const auto found = std::ranges::find(change.columns, column);
    if (found == change.columns.end())
      error_ = fmt::format("the table {} has no column '{}'", rules.table, column);
    return static_cast<std::size_t>(found - change.columns.begin());
  };
  for (Rule& rule : rules.rules) {
    if (!rule.rule->column.empty()) rule.positions.push_back(position_of(rule.rule->column));
    for (const std::string& name : rule.rule->parameters)
      rule.positions.push_back(position_of(name));
  }
}

const std::vector<TouchedKey>& ChangeRules::keys_of(const Commit& commit) {
  keys_.clear();
  for (const RowChange& change : commit.changes) {
    TableRules& rules = rules_of(change.table);
    if (rules.rules.empty()) continue;
    if (!rules.resolved) resolve(rules, change);
    for (const Rule& rule : rules.rules) {
      if (!change.after.empty()) apply(rule, change, change.after);
      if (change.before.empty()) continue;
      // The key that the row had before: the same one mostly, and then there is nothing to add.
      const bool moved =
          change.after.empty() || std::ranges::any_of(rule.positions, [&](std::size_t position) {
            return position < change.columns.size() &&
                   change.before[position] != change.after[position];
          });
      if (moved) apply(rule, change, change.before);
    }
  }
  return keys_;
}

void ChangeRules::apply(const Rule& rule, const RowChange& change, std::span<const SqlValue> row) {
  for (const std::size_t position : rule.positions) {
    if (position >= change.columns.size()) return;  // an unknown column; error() tells
  }
  if (!rule.rule->column.empty()) {
    touch(rule.invariant, row[rule.positions.front()]);
    return;
  }
  std::vector<SqlValue> parameters;
  parameters.reserve(rule.positions.size());
  for (const std::size_t position : rule.positions) parameters.push_back(row[position]);
  const auto rows = observer_.query(rule.rule->query, parameters);
  if (!rows) {
    error_ = rows.error().text;
    return;
  }
  for (const SqlRow& found : *rows) touch(rule.invariant, found[0]);
}

void ChangeRules::touch(std::uint32_t invariant, const SqlValue& key) {
  if (std::holds_alternative<std::monostate>(key)) return;  // no key, nothing to check
  TouchedKey touched{invariant, key};
  if (std::ranges::find(keys_, touched) == keys_.end()) keys_.push_back(std::move(touched));
}

}  // namespace soundcheck
