#include "models/services/common/outbox_relay.hpp"

#include <algorithm>
#include <utility>

#include "models/services/logging/api.hpp"

namespace soundcheck {
namespace {

constexpr std::int64_t kBatch = 32;
constexpr Duration kFirstPause = 500_ms;
constexpr Duration kLongestPause = 30_s;

logging::TransactionEvent message_of(OutboxEvent event) {
  return {.event_id = std::move(event.event_id),
          .payment_id = std::move(event.ref_id),
          .event = std::move(event.kind),
          .amount = event.amount,
          .saga_id = std::move(event.saga_id)};
}

// The relay works for all sagas at once, and longer than the request that woke it.
Env env_of_nobody(const Env& env) {
  return env.for_saga(SagaContext{});
}

}  // namespace

const ParameterTable<OutboxSettings>& OutboxSettings::parameters() {
  static const auto table =
      ParameterTable<OutboxSettings>("outbox", "How events leave a service.")
          .optional("outbox_sweep", &OutboxSettings::outbox_sweep,
                    "how often an outbox is looked through for events that were not delivered",
                    above_zero);
  return table;
}

void OutboxRelay::announce(const Env& env, OutboxEvent event) {
  if (once_only_) {
    env.spawn(send_only(env_of_nobody(env), std::move(event)));
    return;
  }
  more_ = true;
  if (draining_) return;
  draining_ = true;
  env.spawn(drain(env_of_nobody(env)));
}

Task<void> OutboxRelay::run(Env env) {
  while (!once_only_) {
    if (!draining_) {
      draining_ = true;
      co_await drain(env);
    }
    co_await env.sleep(sweep_every_);
  }
}

Task<void> OutboxRelay::drain(Env env) {
  Duration pause = kFirstPause;
  for (;;) {
    more_ = false;
    Result<bool> all_sent = co_await send_batch(env);
    if (!all_sent) {
      co_await env.sleep(pause);
      pause = std::min(pause * 2, kLongestPause);
      continue;
    }
    pause = kFirstPause;
    if (*all_sent && !more_) break;
  }
  draining_ = false;
}

Task<Result<bool>> OutboxRelay::send_batch(Env env) {
  Result<std::vector<OutboxEvent>> pending = co_await env.read(store_.pending, kBatch);
  if (!pending) co_return std::unexpected(pending.error());
  if (pending->empty()) co_return true;
  const bool all = pending->size() < static_cast<std::size_t>(kBatch);
  logging::RecordTransactions request;
  std::vector<std::string> event_ids;
  for (OutboxEvent& event : *pending) {
    event_ids.push_back(event.event_id);
    request.events.push_back(message_of(std::move(event)));
  }
  Result<logging::Recorded> recorded = co_await env.call(std::move(request));
  if (!recorded) co_return std::unexpected(recorded.error());
  Result<void> marked = co_await env.transact(store_.mark_published, std::move(event_ids));
  if (!marked) co_return std::unexpected(marked.error());
  co_return all;
}

Task<void> OutboxRelay::send_only(Env env, OutboxEvent event) {
  std::vector<std::string> event_ids{event.event_id};
  logging::RecordTransactions request;
  request.events.push_back(message_of(std::move(event)));
  Result<logging::Recorded> recorded = co_await env.call(std::move(request));
  if (!recorded) co_return;
  Result<void> marked = co_await env.transact(store_.mark_published, std::move(event_ids));
  if (!marked) co_return;
}

}  // namespace soundcheck
