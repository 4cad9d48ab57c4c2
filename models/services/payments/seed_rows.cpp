#include "models/services/common/population.hpp"
#include "models/services/payments/payments.hpp"

namespace soundcheck::payments {
namespace {

using Row = std::vector<SqlValue>;

bool payment_row(const Population& population, std::int64_t user, Row& values) {
  const SeededUser seeded = seeded_user(population, user);
  if (!seeded.subscribes()) return false;
  values = {seeded.payment_id, "seeded:" + seeded.user_id,       seeded.user_id, seeded.sub_id,
            seeded.price,      "dec-" + seeded.payment_id + "-1"};
  return true;
}

bool ledger_row(const SeededUser& seeded, const std::string& account, std::int64_t amount,
                Row& values) {
  if (!seeded.subscribes()) return false;
  const std::string operation = "op-" + seeded.payment_id + "-2";  // the bank's, of the capture
  values = {operation + ":" + account, operation, account, amount, seeded.payment_id};
  return true;
}
bool cash_row(const Population& population, std::int64_t user, Row& values) {
  const SeededUser seeded = seeded_user(population, user);
  return ledger_row(seeded, "CASH", seeded.price, values);
}
bool revenue_row(const Population& population, std::int64_t user, Row& values) {
  const SeededUser seeded = seeded_user(population, user);
  return ledger_row(seeded, "REVENUE", -seeded.price, values);
}

constexpr Sql kLedgerInsert{
    "INSERT INTO payments.ledger (entry_id, txn_id, account, amount, payment_id) "
    "VALUES (?1, ?2, ?3, ?4, ?5)"};

}  // namespace

std::vector<SeedRows> seed_rows() {
  return {{{"INSERT INTO payments.payments (payment_id, idem, user_id, purpose, ref_id, amount, "
            "state, decision_id) VALUES (?1, ?2, ?3, 'SUBSCRIBE', ?4, ?5, 'CAPTURED', ?6)"},
           &payment_row},
          {kLedgerInsert, &cash_row},
          {kLedgerInsert, &revenue_row}};
}

}  // namespace soundcheck::payments
