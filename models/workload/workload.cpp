#include "models/workload/workload.hpp"

#include <algorithm>
#include <cmath>

#include "sim/core/assert.hpp"
#include "sim/core/math.hpp"

namespace soundcheck {
namespace {

// How long a client that the shape leaves out waits before it looks at the shape again.
constexpr Duration kIdlePause = 100_ms;

// Calls the entry of the system without knowing the type of its answer.
struct SendRequest {
  PreparedRequest* request;  // in the frame of the coroutine that waits
  void operator()(Runtime& runtime, const ContextRef& context, SlotRef slot) const {
    runtime.call(context, *request->method, std::move(request->payload), CallOptions(), slot);
  }
  Result<Payload> finish(Result<Payload> reply) const { return reply; }
};

}  // namespace

double LoadShape::at(Duration t) const {
  if (points.empty()) return 1;
  if (t <= points.front().at) return points.front().factor;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (t > points[i].at) continue;
    const double span = (points[i].at - points[i - 1].at).in_seconds();
    const double part = span > 0 ? (t - points[i - 1].at).in_seconds() / span : 1;
    return points[i - 1].factor + (points[i].factor - points[i - 1].factor) * part;
  }
  return points.back().factor;
}

double LoadShape::peak() const {
  double peak = points.empty() ? 1 : 0;
  for (const Point& point : points) peak = std::max(peak, point.factor);
  return peak;
}

Workload::Workload(SimulatedRuntime& runtime, ProcessId process, WorkloadSpec spec)
    : runtime_(runtime),
      process_(process),
      spec_(std::move(spec)),
      arrivals_(runtime.world().random("workload/" + spec_.name + "/arrivals")),
      choices_(runtime.world().random("workload/" + spec_.name + "/requests")),
      peak_(spec_.shape.peak()),
      trace_base_(hash_text(spec_.name) & 0xffff000000000000ULL) {
  double total = 0;
  for (const RequestKind& kind : spec_.mix) {
    names_.push_back(runtime_.world().names().intern(kind.name));
    cumulative_.push_back(total += kind.weight);
    made_.push_back(0);
  }
  SOUNDCHECK_ASSERT(total > 0, "workload {} has an empty mix", spec_.name);
}

void Workload::start() {
  started_at_ = runtime_.world().now();
  if (spec_.clients == 0) {
    if (spec_.rate > 0 && peak_ > 0) {
      gap_ = Duration::from_seconds(1.0 / (spec_.rate * peak_));
      schedule_arrival();
    }
    return;
  }
  Scope& scope = *runtime_.world().process(process_).scope;
  const auto most = static_cast<std::uint32_t>(std::ceil(std::max(1.0, peak_) * spec_.clients));
  for (std::uint32_t i = 0; i < most; ++i) scope.start(client(i).release().promise());
}

// Arrivals come at the peak rate; each is kept with the probability shape(t) / peak (Lewis and
// Shedler's thinning). With constant gaps every arrival is kept at factor 1.
void Workload::schedule_arrival() {
  Duration gap = gap_;
  if (spec_.poisson) {
    const double exponential = -deterministic_log(arrivals_.uniform_positive());
    gap = Duration::from_seconds(exponential / (spec_.rate * peak_));
  }
  runtime_.world().kernel().schedule_in(gap, {&Workload::on_arrival, this, 0});
}

void Workload::on_arrival(void* self, std::uint64_t) {
  auto& workload = *static_cast<Workload*>(self);
  if (workload.stopped_) return;
  const bool flat = workload.spec_.shape.points.empty();
  const double factor =
      flat ? 1 : workload.spec_.shape.at(workload.runtime_.world().now() - workload.started_at_);
  if (flat || workload.arrivals_.chance(factor / workload.peak_)) workload.send_one();
  if (workload.spec_.max_requests == 0 || workload.sequence_ < workload.spec_.max_requests) {
    workload.schedule_arrival();
  }
}

std::size_t Workload::pick() {
  if (cumulative_.size() == 1) return 0;
  const double draw = choices_.uniform() * cumulative_.back();
  return static_cast<std::size_t>(
      std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, draw) - cumulative_.begin());
}

void Workload::send_one() {
  Process& process = runtime_.world().process(process_);
  if (process.state != ProcessState::kRunning) return;
  const std::size_t kind = pick();
  const std::uint64_t trace = trace_base_ + ++sequence_;
  PreparedRequest prepared = spec_.mix[kind].make(choices_, made_[kind]++);
  process.scope->start_now(request(kind, std::move(prepared), trace).release().promise());
}

// What is no part of waiting has functions of its own: a frame for each open request is enough.
void Workload::emit_started(NameId name, std::uint64_t trace) {
  ++open_;
  Event event = runtime_.world().event(EventKind::kRequestStarted, process_);
  event.trace = trace;
  event.name = name;
  runtime_.world().events().emit(event);
}

void Workload::emit_ended(NameId name, std::uint64_t trace, Time begun,
                          const Result<Payload>& reply) {
  --open_;
  RequestOutcome outcome = RequestOutcome::kOk;
  if (!reply) outcome = reply.error().definite ? RequestOutcome::kFailed : RequestOutcome::kUnknown;
  Event event = runtime_.world().event(EventKind::kRequestEnded, process_);
  event.trace = trace;
  event.name = name;
  event.code = static_cast<std::uint16_t>(outcome);
  event.value = (runtime_.world().now() - begun).count();
  event.extra = reply ? 0 : static_cast<std::int64_t>(reply.error().code) + 1;
  runtime_.world().events().emit(event);
}

Task<void> Workload::request(std::size_t kind, PreparedRequest prepared, std::uint64_t trace) {
  const Time begun = runtime_.world().now();
  emit_started(names_[kind], trace);
  const Result<Payload> reply = co_await CompletionAwaiter<Result<Payload>, SendRequest>(
      runtime_.new_context(process_, trace), SendRequest{&prepared});
  emit_ended(names_[kind], trace, begun, reply);
  if (reply && spec_.mix[kind].follow_up) go_on(spec_.mix[kind], *reply, trace);
}

void Workload::go_on(const RequestKind& asked, const Payload& reply, std::uint64_t trace) {
  std::optional<FollowUp> next = asked.follow_up(reply, choices_);
  if (!next) return;
  Scope& scope = *runtime_.world().process(process_).scope;
  scope.start(follow(std::move(*next), trace).release().promise());
}

Task<void> Workload::follow(FollowUp next, std::uint64_t trace) {
  co_await CompletionAwaiter<Nothing, detail::StartSleep>(runtime_.new_context(process_, 0),
                                                          {next.after});
  const NameId name = runtime_.world().names().intern(next.name);
  const Time begun = runtime_.world().now();
  emit_started(name, trace);
  const Result<Payload> reply = co_await CompletionAwaiter<Result<Payload>, SendRequest>(
      runtime_.new_context(process_, trace), SendRequest{&next.request});
  emit_ended(name, trace, begun, reply);
}

Task<void> Workload::client(std::uint32_t number) {
  World& world = runtime_.world();
  while (!stopped_ && (spec_.max_requests == 0 || sequence_ < spec_.max_requests)) {
    const Duration pause = spec_.think.sample(arrivals_);
    const ContextRef context = runtime_.new_context(process_, 0);
    co_await CompletionAwaiter<Nothing, detail::StartSleep>(context, {pause});
    if (stopped_) co_return;
    const double active = spec_.shape.at(world.now() - started_at_) * spec_.clients;
    if (number >= active) {
      const ContextRef idle = runtime_.new_context(process_, 0);
      co_await CompletionAwaiter<Nothing, detail::StartSleep>(idle, {kIdlePause});
      continue;
    }
    const std::size_t kind = pick();
    const std::uint64_t trace = trace_base_ + ++sequence_;
    PreparedRequest prepared = spec_.mix[kind].make(choices_, made_[kind]++);
    co_await request(kind, std::move(prepared), trace);
  }
}

}  // namespace soundcheck
