#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/checkers/invariant.hpp"
#include "reports/latency/histogram.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// One key (or row) that broke an invariant when it must not.
struct Violation {
  std::string key;
  std::uint64_t saga = 0;  // 0: unknown
  Time broken;             // since when the query returned it
  Time convicted;          // when that became a violation: at once, at its saga's end, or at rest
  Time repaired = Time::never();
};

enum class InvariantStatus : std::uint8_t {
  kHolds,
  kViolated,
  kNothingToCheck,  // `over:` counts nothing: no one can say
  kNotChecked       // a query failed, or the run never came to the end
};
std::string_view name_of(InvariantStatus status);  // "nothing-to-check"

// What is known about an invariant at the end.
struct InvariantResult {
  static constexpr std::size_t kKeptViolations = 20;

  InvariantStatus status = InvariantStatus::kNotChecked;
  std::uint64_t checks = 0;  // queries, for a key or for all
  std::uint64_t over = 0;    // what there was to check at the end
  bool has_over = false;     // ... if the invariant says how to count it
  std::uint64_t violations = 0;
  std::vector<Violation> kept;  // the first kKeptViolations
  // How long keys were broken, violations or not: the inconsistency windows that were closed.
  Histogram windows;
  std::uint64_t never_repaired = 0;
  // Broken at rest although no commit had told so: a `changed:` rule is missing.
  std::uint64_t found_only_at_rest = 0;
  std::string error;  // what the database said to a query that failed
};

}  // namespace soundcheck
