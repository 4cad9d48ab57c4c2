#include "models/rpc/long_polls.hpp"

#include <algorithm>
#include <array>

#include "models/rpc/endpoint.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {

LongPolls::LongPolls(Attempts& attempts, Calls& calls)
    : world_(attempts.world()), attempts_(attempts), calls_(calls) {
  world_.disturbances().observe(*this);
}

void LongPolls::begin(AttemptId id) {
  const Attempt& attempt = attempts_[id];
  polls_[attempt.handler] = {
      .attempt = id, .begun = world_.now(), .work = world_.now() - attempt.started};
}

// The rest of a repetition, beside the time for which the handler holds the request: the ways there
// and back and the endpoint's own work, as in the repetition that has just been simulated. (That of
// the bytes on the wire, microseconds, is left out.)
Duration LongPolls::way_of(const Attempt& attempt) const {
  return world_.network().latency(attempt.client, attempt.server) +
         world_.network().latency(attempt.server, attempt.client);
}

// All that the next repetitions will be like the last one, and that nobody could tell.
bool LongPolls::may_park(const ContextRef& context, Duration hold) {
  const auto found = polls_.find(&*context);
  if (found == polls_.end() || hold <= Duration()) return false;
  const Attempt& attempt = attempts_[found->second.attempt];
  if (!attempts_.client_waits(attempt)) return false;
  const Call& call = calls_[attempt.call];
  if (!world_.disturbances().undisturbed_since(call.started)) return false;
  // A breaker remembers how often calls went well of late.
  if (call.guarded && call.breaker != nullptr) return false;
  // A server without an idle worker needs the ones that polls hold, now and then.
  const bool queued = attempt.started > attempt.arrived;
  if (queued || attempt.endpoint->waiting() > 0) return false;
  constexpr std::array kWay{Failpoint::kRpcRequestSent, Failpoint::kRpcRequestArrived,
                            Failpoint::kRpcHandlerStart, Failpoint::kRpcReplyReady,
                            Failpoint::kRpcReplyArrived};
  return std::ranges::none_of(kWay, [&](Failpoint failpoint) {
    return world_.failpoints().armed(failpoint) &&
           world_.failpoints().could_strike(attempts_.at(failpoint, attempt));
  });
}

void LongPolls::park(const ContextRef& context, Duration hold, SlotRef woken) {
  const auto found = polls_.find(&*context);
  SOUNDCHECK_ASSERT(found != polls_.end(), "a request that nobody repeats is parked");
  LongPoll& poll = found->second;
  Call& call = calls_[attempts_[poll.attempt].call];
  world_.kernel().cancel(call.timer);
  call.timer = {};
  poll.hold = hold;
  poll.parked = ++parked_so_far_;
  poll.woken = woken;
}

Duration LongPolls::resume(const ContextRef& context) {
  const auto found = polls_.find(&*context);
  SOUNDCHECK_ASSERT(found != polls_.end(), "a request that nobody repeats is resumed");
  catch_up(found->second);
  const LongPoll& poll = found->second;
  return std::max(poll.begun + poll.hold - world_.now(), Duration());
}

// The poll becomes the one that its caller would have sent last: clocks and the caller's timeout
// are set as if all in between had been answered with nothing.
void LongPolls::catch_up(LongPoll& poll) {
  if (poll.parked == 0) return;
  poll.parked = 0;
  const Time now = world_.now();
  Attempt& attempt = attempts_[poll.attempt];
  const Duration in_worker = poll.work + poll.hold;
  const Duration cycle = in_worker + way_of(attempt);
  const std::int64_t repeated = (now - (poll.begun + poll.hold)) / cycle + 1;
  Call& call = calls_[attempt.call];
  count_repeated(attempt, repeated, in_worker, cycle);

  poll.begun += cycle * repeated;
  // The poll may be on its way at this very moment: then it is taken to have just arrived.
  attempt.arrived = std::min(attempt.arrived + cycle * repeated, now);
  attempt.started = attempt.arrived;
  call.started = std::min(call.started + cycle * repeated, now);
  if (call.timeout > Duration()) {
    calls_.time_out_in(attempt.call, std::max(call.started + call.timeout - now, Duration()));
  }
}

void LongPolls::count_repeated(const Attempt& attempt, std::int64_t times, Duration in_worker,
                               Duration whole) {
  const NameId method = attempts_.method_of(attempt).name;
  const auto count = static_cast<std::uint64_t>(times);
  world_.emit(HandlersRepeated{
      .callee = attempt.server, .method = method, .worked = in_worker, .times = count});
  world_.emit(
      CallsRepeated{.caller = attempt.client, .method = method, .took = whole, .times = count});
}

std::vector<LongPolls::LongPoll*> LongPolls::parked_polls(ProcessId server) {
  std::vector<LongPoll*> polls;
  for (auto& [context, poll] : polls_) {
    const bool meant = !server.valid() || attempts_[poll.attempt].server == server;
    if (poll.parked != 0 && meant) polls.push_back(&poll);
  }
  std::ranges::sort(polls, {}, &LongPoll::parked);
  return polls;
}

void LongPolls::wake_parked(ProcessId server) {
  for (LongPoll* const poll : parked_polls(server)) {
    catch_up(*poll);
    world_.completions().complete(poll->woken, Nothing{});
  }
}

void LongPolls::account_for_parked() {
  for (LongPoll* const poll : parked_polls(ProcessId())) catch_up(*poll);
}

}  // namespace soundcheck
