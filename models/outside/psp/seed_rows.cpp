#include "models/outside/psp/psp.hpp"
#include "models/services/common/population.hpp"

namespace soundcheck::psp {
namespace {

using Row = std::vector<SqlValue>;

// The first operation of a subscriber's payment held the money, the second took it.
bool operation_row(const SeededUser& seeded, const std::string& number, std::int64_t at_ms,
                   Row& values) {
  if (!seeded.subscribes()) return false;
  values = {"op-" + seeded.payment_id + "-" + number, seeded.payment_id,
            "seeded:" + seeded.user_id + ":" + number, seeded.price, at_ms};
  return true;
}
bool hold_row(const Population& population, std::int64_t user, Row& values) {
  const SeededUser seeded = seeded_user(population, user);
  return operation_row(seeded, "1", seeded.paid_at_ms - 1'000, values);
}
bool capture_row(const Population& population, std::int64_t user, Row& values) {
  const SeededUser seeded = seeded_user(population, user);
  return operation_row(seeded, "2", seeded.paid_at_ms, values);
}

bool blocked_row(const Population& population, std::int64_t user, Row& values) {
  const std::string_view declined = declines(population, user);
  if (declined.empty()) return false;
  values = {user_id_of(user), std::string(declined)};
  return true;
}

}  // namespace

std::string_view declines(const Population& population, std::int64_t user) {
  if (user < subscribers(population)) return {};
  const auto settings = population.settings.of<PspSettings>();
  const double lot = lot_of(population, user, "bank");
  const double holds = settings.declined_authorizations.share();
  if (lot < holds) return "AUTH";
  if (lot < holds + settings.declined_captures.share()) return "CAPTURE";
  return {};
}

std::vector<SeedRows> seed_rows() {
  return {
      {{"INSERT INTO psp.operations (op_id, merchant_ref, idem, kind, amount, at) "
        "VALUES (?1, ?2, ?3, 'AUTH', ?4, ?5)"},
       &hold_row},
      {{"INSERT INTO psp.operations (op_id, merchant_ref, idem, kind, amount, at) "
        "VALUES (?1, ?2, ?3, 'CAPTURE', ?4, ?5)"},
       &capture_row},
      {{"INSERT INTO psp.blocked_customers (customer_id, kind) VALUES (?1, ?2)"}, &blocked_row}};
}

}  // namespace soundcheck::psp
