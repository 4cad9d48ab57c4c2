#include "models/services/common/fence.hpp"

#include <algorithm>

#include "models/services/common/embedded.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {

std::string_view name_of(Role role) {
  switch (role) {
    case Role::kCompensatable:
      return "COMPENSATABLE";
    case Role::kPivot:
      return "PIVOT";
    case Role::kRetriable:
      return "RETRIABLE";
    case Role::kOptional:
      return "OPTIONAL";
  }
  SOUNDCHECK_ASSERT(false, "role {} has no name", static_cast<int>(role));
  return "";
}

std::string effects_table(std::string_view service) {
  return for_service(services::embedded_sql("common/effects.sql"), service);
}

FenceRules FenceRules::of(const ServiceSettings& settings) {
  const bool blind = settings.defect(kBlindUndo);
  return {.refuse_late = !settings.defect(kNoFence) && !blind, .blind_undo = blind};
}

bool Fence::has(Transaction& transaction, const Step& step, std::string_view kind,
                std::string_view state) const {
  const auto rows = transaction.query(sql_->find, step.saga_id, step.name, kind);
  return std::any_of(rows.begin(), rows.end(),
                     [&](const SqlRow& row) { return state.empty() || row.text(0) == state; });
}

void Fence::insert(Transaction& transaction, const Step& step, std::string_view kind, Role role,
                   std::string_view state) const {
  transaction.execute(sql_->insert, step.saga_id, step.name, kind, name_of(role), state);
}

bool Fence::admits(Transaction& transaction, const Step& step, Role role,
                   const FenceRules& rules) const {
  if (!step.in_saga() || !rules.refuse_late || !undone(transaction, step)) return true;
  if (!has(transaction, step, "DO", "REFUSED")) insert(transaction, step, "DO", role, "REFUSED");
  return false;
}

void Fence::record_do(Transaction& transaction, const Step& step, Role role) const {
  if (step.in_saga()) insert(transaction, step, "DO", role, "APPLIED");
}

bool Fence::undone(Transaction& transaction, const Step& step) const {
  return step.in_saga() && has(transaction, step, "UNDO", "");
}

void Fence::record_undo(Transaction& transaction, const Step& step, Role role, bool changed,
                        const FenceRules& rules) const {
  if (!step.in_saga()) return;
  insert(transaction, step, "UNDO", role, changed || rules.blind_undo ? "APPLIED" : "NOOP");
}

}  // namespace soundcheck
