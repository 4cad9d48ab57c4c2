#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "sim/core/result.hpp"
#include "sim/core/task.hpp"
#include "sim/env/runtime.hpp"

namespace soundcheck {

// Awaits one completion. Lives in the frame of the coroutine that waits; if the frame dies, the
// slot is closed.
template <class T, class Start>
class [[nodiscard]] CompletionAwaiter : private Waiter<T> {
 public:
  CompletionAwaiter(ContextRef context, Start start)
      : context_(std::move(context)), start_(std::move(start)) {}
  CompletionAwaiter(const CompletionAwaiter&) = delete;
  CompletionAwaiter& operator=(const CompletionAwaiter&) = delete;
  ~CompletionAwaiter() {
    if (this->slot.valid()) context_->runtime->completions().close(this->slot);
  }

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> handle) {
    this->coroutine = &handle.promise();
    const SlotRef slot = context_->runtime->completions().open(*this, *context_->scope);
    // A process that was just killed or paused goes on to its next await, but nothing leaves it.
    ProcessGate& gate = context_->scope->gate();
    if (gate.open()) [[likely]] {
      start_(*context_->runtime, context_, slot);
    } else {
      gate.holds(
          {&CompletionAwaiter::start_held, &context_->runtime->completions(), slot.packed()});
    }
  }
  auto await_resume() { return start_.finish(std::move(*this->value)); }

 private:
  static void start_held(void* completions, std::uint64_t packed_slot) {
    const auto slot = SlotRef::unpack(packed_slot);
    WaiterBase* const waiter = static_cast<Completions*>(completions)->waiter(slot);
    if (waiter == nullptr) return;
    auto& awaiter = *static_cast<CompletionAwaiter*>(static_cast<Waiter<T>*>(waiter));
    if (awaiter.context_->scope->doomed()) return;
    awaiter.start_(*awaiter.context_->runtime, awaiter.context_, slot);
  }

  ContextRef context_;
  Start start_;
};

namespace detail {

template <class Request>
struct StartCall {
  Request request;
  CallOptions options;
  void operator()(Runtime& runtime, const ContextRef& context, SlotRef slot) {
    runtime.call(context, Request::rpc, Payload::of(std::move(request)), options, slot);
  }
  Result<typename Request::Reply> finish(Result<Payload> reply) {
    if (!reply) return std::unexpected(std::move(reply.error()));
    return reply->template take<typename Request::Reply>();
  }
};

template <class Body>
struct StartTransaction {
  std::unique_ptr<Body> body;
  TransactOptions options;
  void operator()(Runtime& runtime, const ContextRef& context, SlotRef slot) {
    runtime.transact(context, std::move(body), options, slot);
  }
  Result<typename Body::Value> finish(TransactionOutcome outcome) {
    if (!outcome) return std::unexpected(std::move(outcome.error()));
    return static_cast<Body&>(**outcome).take();
  }
};

struct StartSleep {
  Duration duration;
  void operator()(Runtime& runtime, const ContextRef& context, SlotRef slot) {
    runtime.sleep(context, duration, slot);
  }
  void finish(Nothing) const {}
};

struct StartCompute {
  Duration work;
  void operator()(Runtime& runtime, const ContextRef& context, SlotRef slot) {
    runtime.compute(context, work, slot);
  }
  void finish(Nothing) const {}
};

}  // namespace detail

// What service logic sees of the world: a cheap value, one per request. Pass it by value into
// coroutines.
class Env {
 public:
  explicit Env(ContextRef context) : context_(std::move(context)) {}

  // Calls another service: Result<Request::Reply>. Failures that are not definite may have taken
  // effect.
  template <RpcRequest Request>
  auto call(Request request, CallOptions options = {}) const {
    return CompletionAwaiter<Result<Payload>, detail::StartCall<Request>>(
        context_, {std::move(request), options});
  }

  // Runs a store function, captureless and on owned values, in one transaction on the service's own
  // database: Result<its value>. The transaction is rolled back when the function returns an error.
  template <class Function, OwnedValue... Arguments>
    requires std::is_empty_v<Function> || std::is_function_v<std::remove_pointer_t<Function>>
  auto transact(Function function, Arguments... arguments) const {
    return transact_with(TransactOptions{}, function, std::move(arguments)...);
  }
  template <class Function, OwnedValue... Arguments>
    requires std::is_empty_v<Function> || std::is_function_v<std::remove_pointer_t<Function>>
  auto transact_with(TransactOptions options, Function function, Arguments... arguments) const {
    using Body = StoreCall<Function, Arguments...>;
    return CompletionAwaiter<TransactionOutcome, detail::StartTransaction<Body>>(
        context_, {std::make_unique<Body>(function, std::move(arguments)...), std::move(options)});
  }
  // The same for a function that only reads: one round trip, nothing to make durable.
  template <class Function, OwnedValue... Arguments>
    requires std::is_empty_v<Function> || std::is_function_v<std::remove_pointer_t<Function>>
  auto read(Function function, Arguments... arguments) const {
    return transact_with(TransactOptions{.locks = {}, .read_only = true}, function,
                         std::move(arguments)...);
  }

  auto sleep(Duration duration) const {
    return CompletionAwaiter<Nothing, detail::StartSleep>(context_, {duration});
  }
  // Time of one idle core of speed 1 of the own host.
  auto compute(Duration work) const {
    return CompletionAwaiter<Nothing, detail::StartCompute>(context_, {work});
  }
  // Runs beside the caller, until it ends or the process dies.
  void spawn(Task<void> task) const { context_->scope->start(task.release().promise()); }

  // Time and process are filled in.
  template <TypedEvent T>
  void emit(const T& fields) const {
    context_->runtime->emit(*context_, Event::of(fields));
  }
  // The work reaches a failpoint; the handlers say what comes of each verdict that is permitted
  // there. A process that is killed there goes on to its next await, and no further.
  template <Failpoint at, class Handlers = VerdictHandlers<>>
  AfterFailpoint failpoint(const Handlers& handlers = {}) const {
    return obey<at>(context_->runtime->failpoint(*context_, at), handlers);
  }

  Time clock() const { return context_->runtime->clock(*context_); }
  RandomStream& random() const { return context_->runtime->random(*context_); }

  const ContextRef& context() const { return context_; }
  Runtime& runtime() const { return *context_->runtime; }
  // A second Env of the same process that works for another saga (gateway and worker framework).
  Env for_saga(SagaContext saga, Time deadline = Time::never()) const {
    RequestContext context = *context_;
    context.saga = saga;
    context.deadline = deadline;
    return Env(ContextRef::make(context));
  }

 private:
  ContextRef context_;
};

}  // namespace soundcheck
