#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/services/common/sql_text.hpp"
#include "sim/env/transaction.hpp"

namespace soundcheck {

// Something that other services must hear of, once it is committed.
struct OutboxEvent {
  std::string event_id;  // <ref>:<kind>: the same event is written once
  std::string kind;
  std::string ref_id;
  std::int64_t amount = 0;
  std::string saga_id;
};

struct OutboxSql {
  Sql insert;
  Sql pending;
  Sql mark;
};

namespace detail {
template <FixedText service>
inline constexpr OutboxSql kOutboxSql{
    Sql{service_sql<
        "INSERT INTO $.outbox (event_id, seq, kind, ref_id, amount, saga_id, created_at) "
        "VALUES (?1, commit_seq(), ?2, ?3, ?4, ?5, true_time()) "
        "ON CONFLICT (event_id) DO NOTHING",
        service>()},
    Sql{service_sql<"SELECT event_id, kind, ref_id, amount, saga_id FROM $.outbox "
                    "WHERE published_at IS NULL ORDER BY seq, event_id LIMIT ?1",
                    service>()},
    Sql{service_sql<"UPDATE $.outbox SET published_at = true_time() "
                    "WHERE event_id = ?1 AND published_at IS NULL",
                    service>()}};

void outbox_add(Transaction& transaction, const OutboxSql& sql, const OutboxEvent& event);
std::vector<OutboxEvent> outbox_pending(Transaction& transaction, const OutboxSql& sql,
                                        std::int64_t limit);
void outbox_mark(Transaction& transaction, const OutboxSql& sql,
                 const std::vector<std::string>& ids);
}  // namespace detail

// SQL of the table `outbox` of a service, for the schema of its blueprint.
std::string outbox_table(std::string_view service);

// The transactional outbox of one service: its table `outbox`. An event is written in the
// transaction of what it tells of, so there is never one without the other; a relay sends it later
// (outbox_relay.hpp).
template <FixedText service>
struct Outbox {
  static void add(Transaction& transaction, const OutboxEvent& event) {
    detail::outbox_add(transaction, detail::kOutboxSql<service>, event);
  }
  // Those not yet published, oldest first.
  static std::vector<OutboxEvent> pending(Transaction& transaction, const std::int64_t& limit) {
    return detail::outbox_pending(transaction, detail::kOutboxSql<service>, limit);
  }
  static void mark_published(Transaction& transaction, const std::vector<std::string>& event_ids) {
    detail::outbox_mark(transaction, detail::kOutboxSql<service>, event_ids);
  }
};

}  // namespace soundcheck
