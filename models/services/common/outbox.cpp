#include "models/services/common/outbox.hpp"

namespace soundcheck::detail {

void outbox_add(Transaction& transaction, const OutboxSql& sql, const OutboxEvent& event) {
  transaction.execute(sql.insert, event.event_id, event.kind, event.ref_id, event.amount,
                      event.saga_id);
}

std::vector<OutboxEvent> outbox_pending(Transaction& transaction, const OutboxSql& sql,
                                        std::int64_t limit) {
  std::vector<OutboxEvent> events;
  for (const SqlRow& row : transaction.query(sql.pending, limit)) {
    events.push_back({row.text(0), row.text(1), row.text(2), row.integer(3), row.text(4)});
  }
  return events;
}

void outbox_mark(Transaction& transaction, const OutboxSql& sql,
                 const std::vector<std::string>& ids) {
  for (const std::string& id : ids) transaction.execute(sql.mark, id);
}

}  // namespace soundcheck::detail
