#include "models/outside/population.hpp"

#include <array>

namespace soundcheck {
namespace {

bool operation_row(const SeededUser& seeded, int number, std::int64_t at_ms,
                   std::vector<SqlValue>& values) {
  if (seeded.payment_id.empty()) return false;
  const std::string suffix = std::to_string(number);
  values = {"op-" + seeded.payment_id + "-" + suffix, seeded.payment_id,
            "seeded:" + seeded.user_id + ":" + suffix, seeded.price, at_ms};
  return true;
}

bool hold_row(const PopulationSettings& settings, std::int64_t user,
              std::vector<SqlValue>& values) {
  const SeededUser seeded = seeded_user(settings, user);
  return operation_row(seeded, 1, seeded.paid_at_ms - 1'000, values);
}
bool capture_row(const PopulationSettings& settings, std::int64_t user,
                 std::vector<SqlValue>& values) {
  const SeededUser seeded = seeded_user(settings, user);
  return operation_row(seeded, 2, seeded.paid_at_ms, values);
}
bool blocked_row(const PopulationSettings& settings, std::int64_t user,
                 std::vector<SqlValue>& values) {
  const std::string_view declined = bank_declines(settings, user);
  if (declined.empty()) return false;
  values = {user_id_of(user), std::string(declined)};
  return true;
}

constexpr std::array kTables{
    SeededTable{"psp",
                {"INSERT INTO psp.operations (op_id, merchant_ref, idem, kind, amount, at) "
                 "VALUES (?1, ?2, ?3, 'AUTH', ?4, ?5)"},
                &hold_row},
    SeededTable{"psp",
                {"INSERT INTO psp.operations (op_id, merchant_ref, idem, kind, amount, at) "
                 "VALUES (?1, ?2, ?3, 'CAPTURE', ?4, ?5)"},
                &capture_row},
    SeededTable{"psp",
                {"INSERT INTO psp.blocked_customers (customer_id, kind) VALUES (?1, ?2)"},
                &blocked_row},
};

}  // namespace

std::span<const SeededTable> outside_seeded_tables() {
  return kTables;
}

}  // namespace soundcheck
