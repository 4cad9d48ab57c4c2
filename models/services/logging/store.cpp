#include "models/services/logging/store.hpp"

namespace soundcheck::logging {
namespace {

constexpr Fence kFence = fence_of<"logging">();

}  // namespace

std::int64_t record_transactions(Transaction& transaction,
                                 const std::vector<TransactionEvent>& events) {
  static constexpr Sql kInsert{
      "INSERT INTO logging.transactions (event_id, payment_id, event, amount, saga_id, at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, true_time()) ON CONFLICT (event_id) DO NOTHING"};
  std::int64_t fresh = 0;
  for (const TransactionEvent& event : events) {
    const bool inserted = transaction.execute(kInsert, event.event_id, event.payment_id,
                                              event.event, event.amount, event.saga_id) > 0;
    if (!inserted) continue;
    ++fresh;
    if (event.event == "CAPTURE") {
      kFence.record_do(transaction, step_of(event.saga_id, kRecordStep), Role::kRetriable);
    }
  }
  return fresh;
}

}  // namespace soundcheck::logging
