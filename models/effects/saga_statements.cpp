#include "models/effects/saga_statements.hpp"

#include <algorithm>

namespace soundcheck {

const ParameterTable<StepStatement>& StepStatement::parameters() {
  static const auto table =
      ParameterTable<StepStatement>("saga step", "What a step is to its saga, and what undoes it.")
          .optional("role", &StepStatement::role, "what it is to its saga")
          .optional("undo", &StepStatement::undo,
                    "the task that undoes it, by reference or name; left out: nothing does")
          .optional("guard", &StepStatement::guard,
                    "what its workers know of what was done before");
  return table;
}

std::string step_name(const SagaStatements& statements, const std::string& workflow,
                      const std::string& step, std::string_view reference) {
  const auto stating = std::ranges::count_if(
      statements, [&](const auto& saga) { return saga.second.contains(step); });
  std::string name = stating > 1 ? workflow + "." + step : step;
  if (reference != step) name += ":" + std::string(reference);
  return name;
}

}  // namespace soundcheck
