#include "models/workload/workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/core/assert.hpp"
#include "sim/core/math.hpp"

namespace soundcheck {
namespace {

// How long a client that the shape leaves out waits before it looks at the shape again.
constexpr Duration kIdlePause = 100_ms;

}  // namespace

Workload::Workload(SimulatedRuntime& runtime, std::vector<ProcessId> processes, WorkloadSpec spec)
    : runtime_(runtime),
      processes_(std::move(processes)),
      spec_(std::move(spec)),
      arrivals_(runtime.world().random("workload/" + spec_.load.name + "/arrivals")),
      choices_(runtime.world().random("workload/" + spec_.load.name + "/requests")),
      patience_(runtime.world().random("workload/" + spec_.load.name + "/patience")),
      rate_(spec_.load.arrivals ? spec_.load.arrivals->per_second() : 0),
      clients_(spec_.load.clients.value_or(0)),
      peak_(spec_.load.shape.peak()),
      trace_base_(hash_text(spec_.load.name) & 0xffff000000000000ULL) {
  double total = 0;
  for (const RequestKind& kind : spec_.mix) {
    auto& names = runtime_.world().names();
    names_.push_back(names.intern(kind.name));
    nobody_.push_back(
        names.intern(fmt::format("{}: not sent, the population has run out", kind.name)));
    cumulative_.push_back(total += kind.weight);
    made_.push_back(0);
  }
  SOUNDCHECK_ASSERT(total > 0, "workload {} has an empty mix", spec_.load.name);
  for (const ProcessId process : processes_)
    runtime_.rpc().set_call_policy(process, spec_.load.client);
}

void Workload::start() {
  started_at_ = runtime_.world().now();
  if (clients_ == 0) {
    if (rate_ > 0 && peak_ > 0) {
      gap_ = Duration::from_seconds(1.0 / rate_);
      schedule_arrival();
    }
    return;
  }
  const auto most = static_cast<std::uint32_t>(std::ceil(std::max(1.0, peak_) * clients_));
  draws_.reserve(most);
  for (std::uint32_t client = 0; client < most; ++client) {
    draws_.push_back(
        runtime_.world().random(fmt::format("workload/{}/client/{}", spec_.load.name, client)));
    begin_in_pause(client);
  }
}

// Poisson arrivals come at the peak rate; each is kept with the probability shape(t) / peak (Lewis
// and Shedler's thinning). Those with constant gaps are spaced by the rate: one comes whenever the
// rate, added up over time, has come to one more.
void Workload::schedule_arrival() {
  Kernel& kernel = runtime_.world().kernel();
  Duration gap = gap_;
  if (spec_.load.arrivals->kind == Arrivals::Kind::kPoisson) {
    const double exponential = -deterministic_log(arrivals_.uniform_positive());
    gap = Duration::from_seconds(exponential / (rate_ * peak_));
  } else if (!spec_.load.shape.points.empty()) {
    const Duration since_start = kernel.now() - started_at_;
    const Duration next = spec_.load.shape.when_added_up(since_start, 1.0 / rate_);
    if (next == Duration::max()) return;
    gap = next - since_start;
  }
  kernel.schedule_in(gap, {&Workload::on_arrival, this, 0});
}

void Workload::on_arrival(void* self, std::uint64_t) {
  auto& workload = *static_cast<Workload*>(self);
  if (workload.holds(kNoClient, {&Workload::on_arrival, self, 0})) return;
  if (workload.stopped_) return;
  const Load& load = workload.spec_.load;
  const bool flat = load.arrivals->kind == Arrivals::Kind::kConstant || load.shape.points.empty();
  const double factor =
      flat ? 1 : load.shape.at(workload.runtime_.world().now() - workload.started_at_);
  if (flat || workload.arrivals_.chance(factor / workload.peak_)) workload.send_next(kNoClient);
  if (!workload.exhausted()) workload.schedule_arrival();
}

std::size_t Workload::pick(RandomStream& choices) {
  if (cumulative_.size() == 1) return 0;
  const double draw = choices.uniform() * cumulative_.back();
  return static_cast<std::size_t>(
      std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, draw) - cumulative_.begin());
}

// A new request, of an arrival or of a client of the closed loop.
void Workload::send_next(std::uint32_t client) {
  const ProcessId process = process_of(client);
  if (!runtime_.world().running(process)) return;
  RandomStream& choices = choices_of(client);
  const std::size_t kind = pick(choices);
  PreparedRequest request = spec_.mix[kind].make(choices, made_[kind]++);
  if (request.method == nullptr) {
    World& world = runtime_.world();
    world.emit(ServiceWarning{.process = process, .text = nobody_[kind]});
    if (client != kNoClient) pause(client, world.now());
    return;
  }
  const std::uint64_t trace = trace_base_ + ++sequence_;
  send({.name = names_[kind],
        .mix = &spec_.mix[kind],
        .client = client,
        .process = process,
        .trace = trace},
       std::move(request));
}

void Workload::send(OpenRequest request, PreparedRequest prepared) {
  World& world = runtime_.world();
  request.begun = world.now();
  ++open_;
  world.emit(
      RequestStarted{.client = request.process, .trace = request.trace, .type = request.name});
  const Handle<OpenRequest> handle = requests_.take();
  requests_[handle] = request;
  CallOptions options;
  if (const auto& patience = spec_.load.client.patience)
    options.patience = patience->sample(patience_);
  runtime_.rpc().call(runtime_.new_context(request.process, request.trace), *prepared.method,
                      std::move(prepared.payload), options, {*this, handle.packed()});
}

// The user wants the same as before, and may not remember having asked.
Payload Workload::before_retry(std::uint64_t ticket, Payload&& request) {
  OpenRequest& open = requests_[Handle<OpenRequest>::unpack(ticket)];
  ++open.retries;
  const bool renews =
      spec_.load.client.key == RetryKey::kNew && open.mix != nullptr && open.mix->renew != nullptr;
  return renews ? open.mix->renew(std::move(request), open.retries) : std::move(request);
}

void Workload::on_reply(std::uint64_t ticket, Result<Payload>&& reply) {
  const auto handle = Handle<OpenRequest>::unpack(ticket);
  const OpenRequest request = requests_[handle];
  requests_.give_back(handle);
  --open_;
  RequestOutcome outcome = RequestOutcome::kOk;
  if (!reply) outcome = reply.error().definite ? RequestOutcome::kFailed : RequestOutcome::kUnknown;
  World& world = runtime_.world();
  world.emit(RequestEnded{.client = request.process,
                          .trace = request.trace,
                          .type = request.name,
                          .outcome = outcome,
                          .took = world.now() - request.begun,
                          .error = error_of(reply)});
  if (reply && request.mix != nullptr && request.mix->follow_up) {
    // Answers come in an order that faults change: each request draws from a stream of its own.
    RandomStream choices =
        world.random(fmt::format("workload/{}/follow-up/{}", spec_.load.name, request.trace));
    if (auto next = request.mix->follow_up(*reply, choices)) {
      follow(std::move(*next), request);
    }
  }
  if (request.client != kNoClient) pause(request.client, request.begun);
}

void Workload::follow(FollowUp next, const OpenRequest& after_this) {
  const Duration after = next.after;
  const Handle<Later> handle = later_.take();
  later_[handle] = {std::move(next), after_this.trace, after_this.process};
  runtime_.world().kernel().schedule_in(after, {&Workload::on_follow, this, handle.packed()});
}

void Workload::on_follow(void* self, std::uint64_t packed) {
  auto& workload = *static_cast<Workload*>(self);
  const auto handle = Handle<Later>::unpack(packed);
  World& world = workload.runtime_.world();
  if (world.holds(workload.later_[handle].process, {&Workload::on_follow, self, packed})) return;
  Later later = std::move(workload.later_[handle]);
  workload.later_.give_back(handle);
  if (!world.running(later.process)) return;
  workload.send({.name = world.names().intern(later.next.name),
                 .process = later.process,
                 .trace = later.trace},
                std::move(later.next.request));
}

// Before the client's next request.
void Workload::pause(std::uint32_t client, Time begun) {
  if (stopped_ || exhausted()) return;
  Duration rest;
  if (const auto& pace = spec_.load.pace) {
    const Time due = begun + pace->sample(draws_[client]);
    rest = std::max(Duration(), due - runtime_.world().now());
  } else {
    rest = spec_.load.think->sample(draws_[client]);
  }
  runtime_.world().kernel().schedule_in(rest, {&Workload::on_next, this, client});
}

void Workload::begin_in_pause(std::uint32_t client) {
  if (stopped_ || exhausted()) return;
  RandomStream& random = draws_[client];
  const Distribution& pauses = spec_.load.pace ? *spec_.load.pace : *spec_.load.think;
  const double pause = pauses.sample(random).in_seconds();
  runtime_.world().kernel().schedule_in(Duration::from_seconds(pause * random.uniform()),
                                        {&Workload::on_next, this, client});
}

void Workload::on_next(void* self, std::uint64_t number) {
  auto& workload = *static_cast<Workload*>(self);
  const auto client = static_cast<std::uint32_t>(number);
  if (workload.holds(client, {&Workload::on_next, self, number})) return;
  if (workload.stopped_) return;
  World& world = workload.runtime_.world();
  const double active =
      workload.spec_.load.shape.at(world.now() - workload.started_at_) * workload.clients_;
  if (client < active) {
    workload.send_next(client);
  } else {
    world.kernel().schedule_in(kIdlePause, {&Workload::on_idle, self, number});
  }
}

void Workload::on_idle(void* self, std::uint64_t number) {
  auto& workload = *static_cast<Workload*>(self);
  workload.pause(static_cast<std::uint32_t>(number), workload.runtime_.world().now());
}

}  // namespace soundcheck
