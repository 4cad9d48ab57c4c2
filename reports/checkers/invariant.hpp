#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace soundcheck {

// When an invariant must hold.
enum class InvariantClass : std::uint8_t {
  kAlways,        // S: at every instant
  kBetweenSagas,  // W: may be broken only while a saga that touches the rows is open
  kAtRest         // Q: when everything has come to rest
};
char letter_of(InvariantClass when);            // 'S', 'W', 'Q'
std::string_view text_of(InvariantClass when);  // "at every instant"

// What sagas that it names are.
enum class InvariantFinding : std::uint8_t {
  kBroken,   // inconsistent
  kUnended,  // they did not end: stuck, and no violation as long as they wait for a person
  kLeft      // they left something of what they did: not undone, unless other things were
};

// How a change of a table leads to the keys that must be checked again: by a column of the row, or
// by a query from columns of the row.
struct ChangedRule {
  std::string table;                    // "psp.operations"; "fleet.effects": of any service
  std::string column;                   // the key; empty: by query
  std::string query;                    // with ?1, ?2, ...
  std::vector<std::string> parameters;  // the columns whose values they are
};

// One invariant: a query that returns what violates it.
struct Invariant {
  std::string id;     // "P1"
  std::string title;  // "the bank captures a payment at most once"
  InvariantClass when = InvariantClass::kAtRest;
  std::string key;       // name of the first column; empty: rows are named by all their columns
  std::string all_sql;   // checks everything
  std::string one_sql;   // checks the key ?1; empty without a key
  std::string saga_sql;  // from the key ?1 to the id of its saga; may be empty
  std::string over_sql;  // counts what there is to check; may be empty
  InvariantFinding finds = InvariantFinding::kBroken;
  std::vector<ChangedRule> changed;
  std::vector<std::string> tables;  // all that it names
  std::string file;                 // where it was written
  int line = 0;

  // Checked with every commit that touches it; otherwise now and then, and at rest.
  bool by_key() const { return when != InvariantClass::kAtRest && !one_sql.empty(); }
  bool sampled() const { return when != InvariantClass::kAtRest && one_sql.empty(); }
};

}  // namespace soundcheck
