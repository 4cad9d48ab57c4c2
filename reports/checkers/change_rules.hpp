#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reports/checkers/invariant.hpp"
#include "sim/env/observer.hpp"

namespace soundcheck {

// A key of an invariant that a commit may have broken or repaired.
struct TouchedKey {
  std::uint32_t invariant = 0;
  SqlValue key;
  bool operator==(const TouchedKey&) const = default;
};

// Leads from the rows that a commit changed to the keys that must be checked, by the `changed:`
// rules of all invariants.
class ChangeRules {
 public:
  // Invariants are named by their position in the list, which outlives the rules.
  ChangeRules(Observer& observer, const std::vector<Invariant>& invariants);

  // Each key once, in the order in which the rules met them. Valid until the next call.
  const std::vector<TouchedKey>& keys_of(const Commit& commit);
  const std::string& error() const { return error_; }  // of a rule's query; empty if none failed

 private:
  struct Rule {
    std::uint32_t invariant = 0;
    const ChangedRule* rule = nullptr;
    std::vector<std::size_t> positions;  // of the columns used; found at the table's first change
  };
  struct TableRules {
    std::string table;
    std::vector<Rule> rules;
    bool resolved = false;
  };

  TableRules& rules_of(std::string_view table);
  void resolve(TableRules& rules, const RowChange& change);
  void apply(const Rule& rule, const RowChange& change, std::span<const SqlValue> row);
  void touch(std::uint32_t invariant, const SqlValue& key);

  Observer& observer_;
  const std::vector<Invariant>& invariants_;
  std::vector<TableRules> tables_;  // sorted by name; also tables that no rule names
  std::vector<TouchedKey> keys_;
  std::string error_;
};

}  // namespace soundcheck
