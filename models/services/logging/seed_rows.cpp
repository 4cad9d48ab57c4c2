#include "models/services/common/population.hpp"
#include "models/services/logging/store.hpp"

namespace soundcheck::logging {
namespace {

// The capture of a subscriber's payment.
bool transaction_row(const Population& population, std::int64_t user,
                     std::vector<SqlValue>& values) {
  const SeededUser seeded = seeded_user(population, user);
  if (!seeded.subscribes()) return false;
  values = {seeded.payment_id + ":CAPTURE", seeded.payment_id, seeded.price,
            seeded.paid_at_ms + 1'000};
  return true;
}

}  // namespace

std::vector<SeedRows> seed_rows() {
  return {{{"INSERT INTO logging.transactions (event_id, payment_id, event, amount, at) "
            "VALUES (?1, ?2, 'CAPTURE', ?3, ?4)"},
           &transaction_row}};
}

}  // namespace soundcheck::logging
