#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/checkers/invariant.hpp"

namespace soundcheck {

// What is wrong in a file of invariants. Lines and columns count from 1.
struct InvariantMistake {
  std::string file;
  int line = 0;
  int column = 0;
  std::string sentence;  // without a full stop
};
std::string to_text(const InvariantMistake& mistake);  // "file:line:column: sentence"

struct InvariantFile {
  std::vector<Invariant> invariants;
  std::vector<InvariantMistake> mistakes;  // all of the file at once
};

// Reads a file of invariants. Each is a comment block that says what it is, and a query that ends
// with a semicolon at the end of a line:
//
//   -- P1: the bank captures a payment at most once
//   -- class: S
//   -- key: merchant_ref
//   -- changed: psp.operations(merchant_ref)
//   -- changed: payments.refunds: SELECT idem FROM payments.payments WHERE payment_id=:payment_id
//   -- saga: SELECT saga_id FROM payments.payments WHERE payment_id = ?1
//   -- over: SELECT COUNT(*) FROM psp.operations WHERE kind='CAPTURE'
//   SELECT merchant_ref FROM psp.operations WHERE kind='CAPTURE' AND {key merchant_ref}
//     GROUP BY merchant_ref HAVING COUNT(*)>1;
//
// class: S must hold at every instant, W between sagas, Q at rest. key: the query's first column.
// finds, for one of class Q: unended, when it names sagas that did not end (stuck, not
// inconsistent), or left, when they left something of what they did (not undone). changed: which
// rows lead to which keys. saga: from a key to its saga. over: what there is to check. The name and
// the class are required. A key needs {key EXPRESSION} in the query and, for S and W, at least one
// `changed:`; S and W without a key are sampled. Other comment lines are free.
InvariantFile parse_invariants(std::string_view text, const std::string& file);

}  // namespace soundcheck
