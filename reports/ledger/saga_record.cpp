#include "reports/ledger/saga_record.hpp"

#include <fmt/format.h>

namespace soundcheck {

std::string_view name_of(SagaOutcome outcome) {
  static constexpr std::array<std::string_view, kSagaOutcomes> kNames{
      "completed",   "compensated", "failed-cleanly", "not-undone",
      "needs-human", "stuck",       "inconsistent",   "unjudged"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::string_view text_of(SagaOutcome outcome) {
  static constexpr std::array<std::string_view, kSagaOutcomes> kTexts{
      "completed",
      "undone completely",
      "failed before it did anything",
      "failed, and was not undone",
      "waits for a person",
      "did not end",
      "left behind what must not be",
      "failed, and nothing says what undoes what it did"};
  return kTexts[static_cast<std::size_t>(outcome)];
}

std::string to_text(std::uint64_t saga) {
  return fmt::format("{:016x}", saga);
}

}  // namespace soundcheck
