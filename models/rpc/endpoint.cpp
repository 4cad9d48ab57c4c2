// The way of a request through its callee.
//
// A fault at a failpoint may kill the process, and this object with it: then the attempt is gone
// too, and nothing here is touched any more.
#include "models/rpc/endpoint.hpp"

#include <optional>
#include <utility>

namespace soundcheck {

Endpoint::Endpoint(Surroundings& around, ProcessId process, const ServerPolicy& policy)
    : around_(around), process_(process), policy_(policy) {
  for (const Strategy<Admission>& strategy : policy.admission) {
    admission_.push_back(strategy.make());
  }
}

void Endpoint::accept(AttemptId id, Attempt& attempt) {
  Attempts& attempts = around_.attempts;
  World& world = attempts.world();
  attempt.endpoint = this;
  attempt.arrived = world.now();
  const AfterFailpoint after = world.failpoints().at<Failpoint::kRpcRequestArrived>(
      [&] { return attempts.at(Failpoint::kRpcRequestArrived, attempt); },
      [&] { return attempts.find(id) == nullptr; },
      VerdictHandlers{.delayed =
                          [&](Duration delay) {
                            world.kernel().schedule_in(delay, later<&Endpoint::queue>(id));
                            return AfterFailpoint::kStop;
                          },
                      .dropped =
                          [&] {
                            drop(id, attempt);
                            return AfterFailpoint::kStop;
                          },
                      .failed = [&](Error error) {  // a proxy answers in the callee's place
                        attempt.fail(std::move(error));
                        reply(id, attempt);
                        return AfterFailpoint::kStop;
                      }});
  if (after == AfterFailpoint::kStop) return;
  if (attempts.paused_at<Failpoint::kRpcRequestArrived>(process_, later<&Endpoint::queue>(id))) {
    return;
  }
  queue(id, attempt);
}

void Endpoint::queue(AttemptId id, Attempt& attempt) {
  attempt.arrived = around_.attempts.world().now();
  if (!admission_.empty() && turned_away(id, attempt)) return;
  if (busy_ < policy_.workers) {
    ++busy_;
    begin(id, attempt);
  } else if (waiting_ < policy_.queue) {
    queue_.push_back(id);
    ++waiting_;
    attempt.waits = true;
    around_.polls.wake(process_);
  } else {
    refuse(id, attempt, Error::of(ErrorCode::kConnectionRefused, "accept queue full"));
  }
}

// Asks the replica's rate limits and load shedding, and carries out their refusal.
bool Endpoint::turned_away(AttemptId id, Attempt& attempt) {
  const ServerLoad load{
      .now = attempt.arrived, .working = busy_, .workers = policy_.workers, .waiting = waiting_};
  for (const std::unique_ptr<Admission>& admission : admission_) {
    const std::optional<int> status = admission->refusal(load);
    if (!status) continue;
    refuse(id, attempt, Error::answered(*status));
    return true;
  }
  return false;
}

// A refusal is an answer: the connection is kept.
void Endpoint::refuse(AttemptId id, Attempt& attempt, Error error) {
  around_.attempts.world().emit(RequestRefused{.callee = process_,
                                               .trace = attempt.trace,
                                               .saga = attempt.saga.saga,
                                               .method = around_.attempts.method_of(attempt).name});
  attempt.fail(std::move(error));
  reply(id, attempt);
}

// A worker takes the request: first the endpoint's CPU, then the handler.
void Endpoint::begin(AttemptId id, Attempt& attempt) {
  Attempts& attempts = around_.attempts;
  World& world = attempts.world();
  attempt.started = world.now();
  const AfterFailpoint after = world.failpoints().at<Failpoint::kRpcHandlerStart>(
      [&] { return attempts.at(Failpoint::kRpcHandlerStart, attempt); },
      [&] { return attempts.find(id) == nullptr; }, VerdictHandlers{.failed = [&](Error error) {
        attempt.fail(std::move(error));
        leave_worker(id, attempt);
        return AfterFailpoint::kStop;
      }});
  if (after == AfterFailpoint::kStop) return;
  if (attempts.paused_at<Failpoint::kRpcHandlerStart>(process_, later<&Endpoint::compute>(id))) {
    return;
  }
  compute(id, attempt);
}

void Endpoint::compute(AttemptId id, Attempt& attempt) {
  Method& method = around_.attempts.method_of(attempt);
  const Duration work = method.costs.cpu.sample(method.random.of(process_));
  if (work > Duration()) {
    World& world = around_.attempts.world();
    attempt.computing = world.kernel().execute(world.process(process_).host, work,
                                               {&Endpoint::computed, &around_, id.packed()});
  } else {
    run(id, attempt);
  }
}

void Endpoint::computed(void* around, std::uint64_t packed, Outcome outcome) {
  auto& [runtime, attempts, calls, polls] = *static_cast<Surroundings*>(around);
  const auto id = AttemptId::unpack(packed);
  Attempt* const attempt = attempts.find(id);
  if (attempt == nullptr || outcome == Outcome::kFailed) return;
  attempt->computing = {};
  prefetch(calls[attempt->call]);  // the reply will ask whether it is still waited for
  Endpoint& endpoint = *attempt->endpoint;
  if (attempts.world().holds(endpoint.process_, endpoint.later<&Endpoint::run>(id))) return;
  endpoint.run(id, *attempt);
}

void Endpoint::run(AttemptId id, Attempt& attempt) {
  if (attempt.saga.execution != 0) [[unlikely]]
    begin_task(attempt);
  const MethodBinding& binding = around_.attempts.method_of(attempt).binding;
  if (binding.start == nullptr) {  // an endpoint that only costs time
    attempt.payload = {};
    leave_worker(id, attempt);
    return;
  }
  Scope& scope = *around_.attempts.world().process(process_).scope;
  RequestContext context;
  context.runtime = &around_.runtime;
  context.scope = &scope;
  context.process = process_;
  context.trace = attempt.trace;
  context.saga = attempt.saga;
  context.deadline = attempt.deadline;
  ContextRef shared = ContextRef::make(context);
  if (attempt.repeats) {
    attempt.handler = &*shared;
    around_.polls.begin(id);
  }
  CoroutineBase& handler =
      binding.start(*service_, Env(std::move(shared)), std::move(attempt.payload), binding.data);
  scope.start_now(handler, {&Endpoint::handler_done, &around_, id.packed()});
}

void Endpoint::handler_done(void* around, std::uint64_t packed, CoroutineBase& handler) {
  const auto id = AttemptId::unpack(packed);
  Attempt& attempt = static_cast<Surroundings*>(around)->attempts[id];
  attempt.endpoint->finished(id, attempt, handler);
}

void Endpoint::finished(AttemptId id, Attempt& attempt, CoroutineBase& handler) {
  if (attempt.repeats) around_.polls.forget(attempt);
  Result<Payload> result = around_.attempts.method_of(attempt).binding.finish(handler);
  if (result) {
    attempt.payload = std::move(*result);
  } else {
    attempt.fail(result.error().as_answer());
  }
  leave_worker(id, attempt);
}

// The request may be the call of an HTTP task: then what is done here is an effect of that task.
void Endpoint::begin_task(Attempt& attempt) {
  TaskEffects* const effects = around_.runtime.task_effects();
  if (effects == nullptr) return;
  const std::uint32_t execution = effects->call_arrives(attempt.saga.execution, process_);
  attempt.serves_task = execution != attempt.saga.execution;
  attempt.saga.execution = execution;
}

void Endpoint::end_task(Attempt& attempt) {
  const bool refused =
      !attempt.failed && !around_.runtime.task_effects()->take_effect(attempt.saga.execution);
  if (refused) attempt.fail(Error::answered(409));
}

void Endpoint::leave_worker(AttemptId id, Attempt& attempt) {
  if (attempt.serves_task) [[unlikely]]
    end_task(attempt);
  Attempts& attempts = around_.attempts;
  World& world = attempts.world();
  world.emit(
      HandlerEnded{.callee = process_,
                   .trace = attempt.trace,
                   .saga = attempt.saga.saga,
                   .method = attempts.method_of(attempt).name,
                   .error = attempt.failed ? std::optional(attempt.error.code) : std::nullopt,
                   .worked = world.now() - attempt.started,
                   .queued = attempt.started - attempt.arrived});
  bool alive = true;
  const AfterFailpoint after = world.failpoints().at<Failpoint::kRpcReplyReady>(
      [&] { return attempts.at(Failpoint::kRpcReplyReady, attempt); },
      [&] { return !(alive = attempts.find(id) != nullptr); },
      VerdictHandlers{.delayed =
                          [&](Duration delay) {
                            world.kernel().schedule_in(delay, later<&Endpoint::reply>(id));
                            return AfterFailpoint::kStop;
                          },
                      .dropped =
                          [&] {
                            drop(id, attempt);
                            return AfterFailpoint::kStop;
                          },
                      .failed =
                          [&](Error error) {
                            attempt.fail(std::move(error));
                            attempt.error.definite = false;  // whatever it says, the work is done
                            return AfterFailpoint::kGoOn;
                          }});
  if (!alive) return;
  if (after == AfterFailpoint::kGoOn && !world.holds(process_, later<&Endpoint::reply>(id))) {
    reply(id, attempt);
  }
  next_from_queue();
}

void Endpoint::next_from_queue() {
  if (waiting_ == 0) {
    queue_.clear();
    --busy_;
    return;
  }
  Attempt* next = nullptr;
  AttemptId id;
  while (next == nullptr) {
    id = queue_.front();
    queue_.pop_front();
    next = around_.attempts.find(id);
  }
  --waiting_;
  next->waits = false;
  // From the ready queue: a long queue of requests that take no time must not pile up on the stack.
  around_.attempts.world().kernel().post(later<&Endpoint::begin>(id));
}

void Endpoint::withdraw(AttemptId id, Attempt& attempt) {
  World& world = around_.attempts.world();
  world.emit(RequestAbandoned{.callee = process_,
                              .trace = attempt.trace,
                              .saga = attempt.saga.saga,
                              .method = around_.attempts.method_of(attempt).name,
                              .queued = world.now() - attempt.arrived});
  --waiting_;
  around_.attempts.release(id);
  if (queue_.size() <= 2 * std::size_t{waiting_} + 16) return;
  std::erase_if(queue_,
                [this](AttemptId other) { return around_.attempts.find(other) == nullptr; });
}

void Endpoint::reply(AttemptId id, Attempt& attempt) {
  Attempts& attempts = around_.attempts;
  attempt.endpoint = nullptr;
  const std::int64_t bytes =
      attempts.method_of(attempt).reply_bytes(attempt.payload, attempt.failed);
  if (attempts.transport().send(attempt.connection, End::kServer, bytes, id.packed())) {
    around_.calls.expect_reply(attempt.call);
  } else {  // the late reply of a caller that has gone
    attempts.release(id);
  }
}

// Nobody answers this one.
void Endpoint::drop(AttemptId id, Attempt& attempt) {
  around_.attempts.transport().abandon(attempt.connection);
  around_.attempts.release(id);
}

}  // namespace soundcheck
