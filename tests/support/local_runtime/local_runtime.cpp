#include "tests/support/local_runtime/local_runtime.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>

#include "sim/core/assert.hpp"

namespace soundcheck::testing_support {
namespace {

std::int64_t wall_nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

struct StartAnyCall {
  RpcName method;
  Payload request;
  void operator()(Runtime& runtime, const ContextRef& context, SlotRef slot) {
    runtime.call(context, method, std::move(request), {}, slot);
  }
  bool finish(const Result<Payload>& reply) const { return reply.has_value(); }
};

}  // namespace

LocalRuntime::LocalRuntime(Options options)
    : options_(std::move(options)),
      wall_start_(wall_nanoseconds()),
      database_(options_.database, [this] { return now(); }) {}

LocalRuntime::~LocalRuntime() {
  client_.doom();
  client_.destroy_frames();
  for (const auto& [name, process] : processes_) stop(*process);
}

Time LocalRuntime::now() const {
  if (!options_.wall_clock) return virtual_now_;
  return Time::from_nanoseconds(wall_nanoseconds() - wall_start_);
}

void LocalRuntime::add(const ServiceBlueprint& blueprint) {
  database_.add(blueprint.name, blueprint.schema);
  auto process = std::make_unique<Process>();
  process->blueprint = blueprint;
  start(*process);
  processes_.emplace(blueprint.name, std::move(process));
}

void LocalRuntime::start(Process& process) {
  process.service = process.blueprint.create(options_.settings);
  process.scope = std::make_unique<Scope>(ready_);
  process.scope->start(process.service->background(env_in(process, {})).release().promise());
}

void LocalRuntime::stop(Process& process) {
  if (!process.scope) return;
  process.scope->doom();
  process.scope->destroy_frames();
}

void LocalRuntime::restart(std::string_view service) {
  const auto found = processes_.find(service);
  SOUNDCHECK_ASSERT(found != processes_.end(), "no service {}", service);
  Process& process = *found->second;
  stop(process);
  ready_.run_all();  // nothing in the queue may still name the old scope
  start(process);
}

Env LocalRuntime::env_in(Process& process, SagaContext saga) {
  RequestContext context;
  context.runtime = this;
  context.scope = process.scope.get();
  context.saga = saga;
  return Env(ContextRef::make(context));
}

Env LocalRuntime::client_env(SagaContext saga) {
  RequestContext context;
  context.runtime = this;
  context.scope = &client_;
  context.saga = saga;
  return Env(ContextRef::make(context));
}

SagaContext LocalRuntime::saga(std::string_view saga_id, std::string_view step) {
  SagaContext context;
  std::from_chars(saga_id.data(), saga_id.data() + saga_id.size(), context.saga, 16);
  context.step = intern(step);
  return context;
}

NameId LocalRuntime::intern(std::string_view name) {
  const auto found = name_ids_.find(name);
  if (found != name_ids_.end()) return found->second;
  const NameId id(static_cast<std::uint32_t>(names_.size()));
  names_.emplace_back(name);
  name_ids_.emplace(name, id);
  return id;
}

Task<void> LocalRuntime::perform_any(Env env, RpcName method, Payload request,
                                     std::optional<bool>* answered) {
  const bool well = co_await CompletionAwaiter<Result<Payload>, StartAnyCall>(
      env.context(), {method, std::move(request)});
  answered->emplace(well);
}

bool LocalRuntime::send(const RpcName& method, Payload request) {
  std::optional<bool> answered;
  client_.start(
      perform_any(client_env({}), method, std::move(request), &answered).release().promise());
  run_until([&] { return answered.has_value(); });
  return *answered;
}

Task<void> LocalRuntime::perform_task(Env env, Service* service, const WorkerBinding* worker,
                                      TaskInput task, std::optional<TaskResult>* result) {
  TaskResult done = co_await worker->run(*service, std::move(env), std::move(task));
  result->emplace(std::move(done));
}

TaskResult LocalRuntime::work(TaskInput task) {
  for (const auto& [name, process] : processes_) {
    for (const WorkerBinding& worker : process->blueprint.tasks) {
      if (worker.task_type != task.task_type) continue;
      std::optional<TaskResult> result;
      const Env env = env_in(*process, saga(task.saga_id, task.reference));
      process->scope->start(
          perform_task(env, process->service.get(), &worker, task, &result).release().promise());
      run_until([&] { return result.has_value(); });
      return std::move(*result);
    }
  }
  SOUNDCHECK_ASSERT(false, "nobody works on {}", task.task_type);
  return {};
}

void LocalRuntime::call(const ContextRef& context, const RpcName& method, Payload request,
                        const CallOptions&, SlotRef reply) {
  ++calls_[{std::string(method.service), std::string(method.method)}];
  const Delivery delivery = network_ ? network_(method) : Delivery::kNormal;
  switch (delivery) {
    case Delivery::kNormal:
      serve(method, std::move(request), *context, reply);
      return;
    case Delivery::kRefused:
      completions_.complete(reply, Result<Payload>(failure(ErrorCode::kConnectionRefused)));
      return;
    case Delivery::kLostReply:
      serve(method, std::move(request), *context, SlotRef{});
      break;
    case Delivery::kHeld:
      held_.push_back({method, std::move(request), *context});
      break;
    case Delivery::kLostRequest:
      break;
  }
  completions_.complete(reply, Result<Payload>(failure(ErrorCode::kTimeout)));
}

void LocalRuntime::deliver_held() {
  std::vector<Held> held = std::move(held_);
  held_.clear();
  for (Held& one : held) serve(one.method, std::move(one.request), one.context, SlotRef{});
  ready_.run_all();
}

void LocalRuntime::serve(const RpcName& method, Payload request, const RequestContext& caller,
                         SlotRef reply) {
  const auto found = processes_.find(method.service);
  SOUNDCHECK_ASSERT(found != processes_.end(), "no service {}", method.service);
  Process& process = *found->second;
  const auto binding = std::find_if(
      process.blueprint.methods.begin(), process.blueprint.methods.end(),
      [&](const MethodBinding& candidate) { return candidate.name.method == method.method; });
  SOUNDCHECK_ASSERT(binding != process.blueprint.methods.end(), "{} has no method {}",
                    method.service, method.method);
  const std::uint64_t id = next_running_++;
  running_[id] = {&*binding, reply};
  CoroutineBase& handler = binding->start(*process.service, env_in(process, caller.saga),
                                          std::move(request), binding->data);
  process.scope->start(handler, {&LocalRuntime::on_served, this, id});
}

void LocalRuntime::on_served(void* self, std::uint64_t running, CoroutineBase& handler) {
  auto& runtime = *static_cast<LocalRuntime*>(self);
  const auto found = runtime.running_.find(running);
  const Running done = found->second;
  runtime.running_.erase(found);
  Result<Payload> result = done.method->finish(handler);
  if (!done.reply.valid()) return;
  if (!result) result = std::unexpected(result.error().as_answer());
  runtime.completions_.complete(done.reply, std::move(result));
}

void LocalRuntime::transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                            const TransactOptions&, SlotRef done) {
  database_.run(*body, context->saga, now().in_milliseconds());
  completions_.complete(done, TransactionOutcome(std::move(body)));
}

void LocalRuntime::compute(const ContextRef&, Duration, SlotRef done) {
  completions_.complete(done, Nothing{});
}

void LocalRuntime::sleep(const ContextRef&, Duration duration, SlotRef done) {
  timers_.emplace(now() + duration, done);
}

bool LocalRuntime::fire_next_timer(Time limit) {
  if (timers_.empty() || timers_.begin()->first > limit) return false;
  const auto [due, slot] = *timers_.begin();
  timers_.erase(timers_.begin());
  if (options_.wall_clock) {
    if (due > now()) std::this_thread::sleep_for(std::chrono::nanoseconds((due - now()).count()));
  } else {
    virtual_now_ = std::max(virtual_now_, due);
  }
  if (completions_.waiting(slot)) completions_.complete(slot, Nothing{});
  return true;
}

void LocalRuntime::run_until(const std::function<bool()>& done) {
  for (;;) {
    ready_.run_all();
    if (done()) return;
    SOUNDCHECK_ASSERT(fire_next_timer(Time::never()), "nothing is left to do, and no answer: {}",
                      running_.size());
  }
}

void LocalRuntime::advance(Duration duration) {
  const Time until = now() + duration;
  do {
    ready_.run_all();
  } while (fire_next_timer(until));
  if (!options_.wall_clock) virtual_now_ = until;
}

std::uint64_t LocalRuntime::calls_to(std::string_view service, std::string_view method) const {
  const auto found = calls_.find({std::string(service), std::string(method)});
  return found == calls_.end() ? 0 : found->second;
}

}  // namespace soundcheck::testing_support
