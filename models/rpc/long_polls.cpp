// Long polls that stay with the callee while nothing happens: their repetition is counted, not
// simulated.
#include <algorithm>
#include <array>

#include "models/rpc/rpc.hpp"

namespace soundcheck {

// The rest of a repetition, beside the time for which the handler holds the request: the ways there
// and back and the endpoint's own work, as in the repetition that has just been simulated. (That of
// the bytes on the wire, microseconds, is left out.)
Duration Rpc::way_of(const Exchange& exchange) const {
  return world_.network().latency(exchange.client, exchange.server) +
         world_.network().latency(exchange.server, exchange.client);
}

// All that the next repetitions will be like the last one, and that nobody could tell.
bool Rpc::may_park(const ContextRef& context, Duration hold) {
  const auto found = long_polls_.find(&*context);
  if (found == long_polls_.end() || hold <= Duration()) return false;
  const Exchange& exchange = exchanges_[found->second.exchange];
  if (!client_waits(exchange)) return false;
  const Call& call = calls_[exchange.call];
  if (!world_.disturbances().undisturbed_since(call.started)) return false;
  // A breaker remembers how often calls went well of late.
  if (call.breaker != nullptr) return false;
  // A server without an idle worker needs the ones that polls hold, now and then.
  const bool queued = exchange.started > exchange.arrived;
  if (queued || !servers_[exchange.server.index()].queue.empty()) return false;
  constexpr std::array kWay{
      std::pair{Failpoint::kRpcRequestSent, true}, std::pair{Failpoint::kRpcRequestArrived, false},
      std::pair{Failpoint::kRpcHandlerStart, false}, std::pair{Failpoint::kRpcReplyReady, false},
      std::pair{Failpoint::kRpcReplyArrived, true}};
  return std::ranges::none_of(kWay, [&](const auto& point) {
    const auto [failpoint, at_client] = point;
    if (!world_.failpoints().armed(failpoint)) return false;
    FailpointContext reached = failpoint_context(exchange, at_client);
    reached.failpoint = failpoint;
    return world_.failpoints().could_strike(reached);
  });
}

void Rpc::park(const ContextRef& context, Duration hold, SlotRef woken) {
  const auto found = long_polls_.find(&*context);
  SOUNDCHECK_ASSERT(found != long_polls_.end(), "a request that nobody repeats is parked");
  LongPoll& poll = found->second;
  Call& call = calls_[exchanges_[poll.exchange].call];
  world_.kernel().cancel(call.timer);
  call.timer = {};
  poll.hold = hold;
  poll.parked = ++parked_so_far_;
  poll.woken = woken;
}

Duration Rpc::resume(const ContextRef& context) {
  const auto found = long_polls_.find(&*context);
  SOUNDCHECK_ASSERT(found != long_polls_.end(), "a request that nobody repeats is resumed");
  catch_up(found->second);
  const LongPoll& poll = found->second;
  return std::max(poll.begun + poll.hold - world_.now(), Duration());
}

// The poll becomes the one that its caller would have sent last: clocks and the caller's timeout
// are set as if all in between had been answered with nothing.
void Rpc::catch_up(LongPoll& poll) {
  if (poll.parked == 0) return;
  poll.parked = 0;
  const Time now = world_.now();
  Exchange& exchange = exchanges_[poll.exchange];
  const Duration in_worker = poll.work + poll.hold;
  const Duration cycle = in_worker + way_of(exchange);
  const std::int64_t repeated = (now - (poll.begun + poll.hold)) / cycle + 1;
  Call& call = calls_[exchange.call];
  count_repeated(exchange, repeated, in_worker, cycle);

  poll.begun += cycle * repeated;
  // The poll may be on its way at this very moment: then it is taken to have just arrived.
  exchange.arrived = std::min(exchange.arrived + cycle * repeated, now);
  exchange.started = exchange.arrived;
  call.started = std::min(call.started + cycle * repeated, now);
  if (call.timeout > Duration()) {
    call.timer =
        world_.kernel().schedule_timeout(std::max(call.started + call.timeout - now, Duration()),
                                         {&Rpc::on_timeout, this, exchange.call.packed()});
  }
}

void Rpc::count_repeated(const Exchange& exchange, std::int64_t times, Duration in_worker,
                         Duration whole) {
  const NameId method = methods_[exchange.method.index()].name;
  const auto count = static_cast<std::uint64_t>(times);
  world_.emit(HandlersRepeated{
      .callee = exchange.server, .method = method, .worked = in_worker, .times = count});
  world_.emit(
      CallsRepeated{.caller = exchange.client, .method = method, .took = whole, .times = count});
}

std::vector<Rpc::LongPoll*> Rpc::parked_polls(ProcessId server) {
  std::vector<LongPoll*> polls;
  for (auto& [context, poll] : long_polls_) {
    const bool meant = !server.valid() || exchanges_[poll.exchange].server == server;
    if (poll.parked != 0 && meant) polls.push_back(&poll);
  }
  std::ranges::sort(polls, {}, &LongPoll::parked);
  return polls;
}

void Rpc::wake_parked(ProcessId server) {
  for (LongPoll* const poll : parked_polls(server)) {
    catch_up(*poll);
    world_.completions().complete(poll->woken, Nothing{});
  }
}

void Rpc::on_disturbance() {
  wake_parked(ProcessId());
}

void Rpc::account_for_parked() {
  for (LongPoll* const poll : parked_polls(ProcessId())) catch_up(*poll);
}

}  // namespace soundcheck
