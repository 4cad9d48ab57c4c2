#include "models/services/common/outbox.hpp"

#include "models/services/common/embedded.hpp"

namespace soundcheck {

std::string outbox_table(std::string_view service) {
  return for_service(services::embedded_sql("common/outbox.sql"), service);
}

namespace detail {

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

}  // namespace detail
}  // namespace soundcheck
