// What a replica does by itself: sweeps, system tasks, redelivery, the compensation watchdog.
#include "models/orchestrator/service/orchestrator.hpp"

namespace soundcheck::orchestrator {
namespace {

const std::vector<std::string>& system_queues() {
  static const std::vector<std::string> names{
      "EXCLUSIVE_JOIN", "HTTP",         "JOIN", "KAFKA_PUBLISH",
      "START_WORKFLOW", "SUB_WORKFLOW", "WAIT", conductor::kEventQueue};
  return names;
}

struct StartListening {
  QueueView* view;
  const std::vector<std::string>* queues;
  Time deadline;
  void operator()(Runtime& runtime, const ContextRef& context, SlotRef slot) const {
    view->wait(*queues, slot, runtime.completions());
    if (deadline != Time::never()) runtime.sleep(context, deadline - runtime.clock(*context), slot);
  }
  void finish(Nothing) const {}
};

struct StartResting {
  QueueView* view;
  void operator()(Runtime& runtime, const ContextRef&, SlotRef slot) const {
    view->await_write(slot, runtime.completions());
    runtime.idling()->await_disturbance(slot);
  }
  void finish(Nothing) const {}
};

struct StartAwaitingDisturbance {
  void operator()(Runtime& runtime, const ContextRef&, SlotRef slot) const {
    runtime.idling()->await_disturbance(slot);
  }
  void finish(Nothing) const {}
};

struct StartAlarm {
  QueueView* view;
  void operator()(Runtime& runtime, const ContextRef& context, SlotRef slot) const {
    const Time now = runtime.clock(*context);
    const Time next = view->next(now);
    view->set_alarm(slot, next, runtime.completions());
    if (next != Time::never()) runtime.sleep(context, next - now, slot);
  }
  void finish(Nothing) const {}
};

}  // namespace

Task<std::optional<QueueView::Found>> Orchestrator::take(Env env, std::vector<std::string> queues,
                                                         Time deadline) {
  for (;;) {
    const Time now = env.clock();
    std::optional<QueueView::Found> found = shared_.queues.take(queues, now);
    if (found) {
      shared_.queues.note_write(env.runtime().completions(), now);
      Result<bool> popped = co_await env.transact_with(writing(1), pop_message, found->queue,
                                                       found->message, now.count());
      if (!popped) co_return std::nullopt;  // the message comes back by redelivery
      if (*popped) co_return found;
      shared_.queues.taken_in_vain(*found);
      continue;
    }
    if (now >= deadline) co_return std::nullopt;
    co_await CompletionAwaiter<Nothing, StartListening>(env.context(),
                                                        {&shared_.queues, &queues, deadline});
  }
}

Task<void> Orchestrator::background(Env env) {
  env.spawn(alarm_loop(env));
  env.spawn(rouse_loop(env));
  env.spawn(redelivery_loop(env));
  env.spawn(sweep_loop(env));
  env.spawn(system_task_loop(env));
  if (shared_.watchdog) env.spawn(watchdog_loop(env));
  co_return;
}

// Whether nothing has been written or been out of order for a whole period before `began`.
bool Orchestrator::quiet_before(const Env& env, Time began, Duration period) const {
  const Idling* const idling = env.runtime().idling();
  return idling != nullptr && shared_.queues.unwritten_since(began - period) &&
         idling->undisturbed_since(began - period);
}

// Until the next round of a loop that looks every `period` into the database, the last round having
// begun at `began`. Rounds that cannot find anything, since all was quiet, are left out. The next
// one comes when it would have come.
Task<void> Orchestrator::rest(Env env, Time began, Duration period, bool nothing_found) {
  const Time ended = env.clock();
  Time next = ended + period;
  if (nothing_found && quiet_before(env, began, period)) {
    co_await CompletionAwaiter<Nothing, StartResting>(env.context(), {&shared_.queues});
    const Duration cycle = period + (ended - began);
    next += cycle * ((env.clock() - ended) / cycle);
  }
  co_await env.sleep(std::max(next - env.clock(), Duration()));
}

// Tells whoever waits about messages at the instant at which they become visible: one timer in a
// replica, however many polls it holds.
Task<void> Orchestrator::alarm_loop(Env env) {
  for (;;) {
    shared_.queues.wake_all(env.runtime().completions(), env.clock());
    co_await CompletionAwaiter<Nothing, StartAlarm>(env.context(), {&shared_.queues});
  }
}

// Looks that routine has left out come again as soon as anything is out of order.
Task<void> Orchestrator::rouse_loop(Env env) {
  for (;;) {
    shared_.looks.rouse_all(env.clock(), env.runtime().completions());
    if (env.runtime().idling() == nullptr) co_return;
    co_await CompletionAwaiter<Nothing, StartAwaitingDisturbance>(env.context(), {});
  }
}

// A look learns of messages that become visible before the next two; those that wait for longer
// cost nothing. The last look before a rest learns of all, for there may be no other before they
// are due.
Task<void> Orchestrator::redelivery_loop(Env env) {
  const Duration period = shared_.redelivery;
  for (;;) {
    const Time began = env.clock();
    const Time horizon = quiet_before(env, began, period) ? Time::never() : began + period * 2;
    Result<std::vector<QueuedMessage>> messages =
        co_await env.transact(redeliver_and_list, began.count(), period.count(), horizon.count());
    if (messages) {
      shared_.queues.learn(*messages, horizon, began, env.clock());
      shared_.queues.wake_all(env.runtime().completions(), env.clock());
      shared_.queues.advance_alarms(shared_.queues.next(env.clock()), env.runtime().completions());
    }
    const bool all_idle = messages && std::ranges::none_of(*messages, &QueuedMessage::popped);
    co_await rest(env, began, messages ? period : 1_s, all_idle);
  }
}

Task<void> Orchestrator::sweep_loop(Env env) {
  const std::vector<std::string> queues{conductor::kDeciderQueue};
  for (;;) {
    std::optional<QueueView::Found> message = co_await take(env, queues, Time::never());
    if (message)
      env.spawn(executor_.sweep(env, message->message));
    else
      co_await env.sleep(1_s);
  }
}

Task<void> Orchestrator::system_task_loop(Env env) {
  for (;;) {
    std::optional<QueueView::Found> message = co_await take(env, system_queues(), Time::never());
    if (!message)
      co_await env.sleep(1_s);
    else if (message->queue == conductor::kEventQueue)
      env.spawn(executor_.handle_event(env, message->message));
    else
      env.spawn(executor_.execute_system_task(env, message->queue, message->message));
  }
}

Task<void> Orchestrator::watchdog_loop(Env env) {
  co_await env.sleep(shared_.watchdog_period);
  for (;;) {
    const Time began = env.clock();
    const bool all_announced = co_await announce_workflows(env);
    Result<std::vector<std::string>> missing = co_await env.read(missing_failure_workflows);
    if (missing) {
      for (const std::string& workflow_id : *missing)
        co_await executor_.start_missing_failure_workflow(env, workflow_id);
    }
    const bool nothing_found = all_announced && missing && missing->empty();
    co_await rest(env, began, shared_.watchdog_period, nothing_found);
  }
}

// A workflow that is just being started may be among them: its first decision holds the lock.
Task<bool> Orchestrator::announce_workflows(Env env) {
  Result<std::vector<std::string>> ids = co_await env.read(unannounced_workflows);
  if (!ids) co_return false;
  std::vector<QueueWrite> messages;
  for (const std::string& id : *ids)
    messages.push_back({QueueWrite::Kind::kPush, conductor::kDeciderQueue, id, env.clock()});
  Result<bool> pushed = co_await host_.write(env, std::move(messages));
  (void)pushed;  // the next round tries again
  co_return ids->empty();
}

}  // namespace soundcheck::orchestrator
