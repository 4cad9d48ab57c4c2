#include "reports/text/quantities.hpp"
#include "reports/verdict/judge.hpp"

namespace soundcheck {

// What a service had to cut short because it would have gone on for ever: whatever would have come
// of it, this run does not tell.
std::vector<Check> check_endless(const RunReport& report) {
  std::vector<Check> checks;
  for (const auto& [text, count] : report.cut_short) {
    checks.push_back({.kind = Check::Kind::kWork,
                      .expectation = "nothing goes on for ever",
                      .observed = count == 1 ? text : text + " (" + count_text(count) + " times)"});
  }
  return checks;
}

}  // namespace soundcheck
