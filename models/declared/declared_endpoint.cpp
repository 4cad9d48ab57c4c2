#include "models/declared/declared_endpoint.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "sim/env/http_headers.hpp"

namespace soundcheck {
namespace {

// A message of a size and nothing else.
struct Filler {
  std::int64_t bytes = 0;
  static constexpr auto fields() { return std::tuple{field("bytes", &Filler::bytes)}; }
};

}  // namespace

template <>
inline constexpr PayloadType kPayloadType<Filler>{
    .size = sizeof(Filler),
    .destroy = [](void*) {},
    .copy = [](const void* object) -> void* {
      return ::new (pool_allocate(sizeof(Filler))) Filler(*static_cast<const Filler*>(object));
    },
    .wire_size = [](const void* object) { return static_cast<const Filler*>(object)->bytes; },
    .to_json =
        [](const void* object) { return to_json_value(*static_cast<const Filler*>(object)); },
    .digest =
        [](const void* object, Fingerprint& digest) {
          add_to_digest(*static_cast<const Filler*>(object), digest);
        }};

namespace {

struct StartRawCall {
  const RpcName* callee;
  std::optional<Bytes> request;
  void operator()(Runtime& runtime, const ContextRef& context, SlotRef slot) const {
    Payload payload;
    if (request) payload = Payload::of(Filler{request->count() - kHttpHeaderBytes});
    runtime.call(context, *callee, std::move(payload), CallOptions(), slot);
  }
  Result<Payload> finish(Result<Payload> reply) const { return reply; }
};

// Rows of a declared service stand for cost only: there is no table behind them.
std::int64_t touch_rows(Transaction&, std::int64_t rows) {
  return rows;
}

std::string_view name_of(DeclaredStep::Kind kind) {
  constexpr std::string_view kNames[] = {"compute", "sleep", "call",  "parallel", "sequence",
                                         "repeat",  "read",  "write", "fail"};
  return kNames[static_cast<std::size_t>(kind)];
}

// Counts the branches of a `parallel` step down and wakes who waits for them.
struct Join {
  std::size_t open = 0;
  Result<Payload> result = Payload();
  Completions* completions = nullptr;
  SlotRef done;
};

struct StartJoin {
  std::shared_ptr<Join> join;
  void operator()(Runtime& runtime, const ContextRef&, SlotRef slot) const {
    join->done = slot;
    join->completions = &runtime.completions();
    if (join->open == 0) runtime.completions().complete(slot, Nothing{});
  }
  void finish(Nothing) const {}
};

}  // namespace

struct DeclaredRun {
  using Step = DeclaredEndpoint::Step;
  using Kind = DeclaredStep::Kind;

  static Task<Result<Payload>> endpoint(Env env, const DeclaredEndpoint* endpoint) {
    return in_order(std::move(env), &endpoint->steps_);
  }

  static Task<Result<Payload>> in_order(Env env, const DeclaredEndpoint::Steps* steps) {
    for (const auto& step : *steps) {
      if (step->what.kind == Kind::kCall) {  // the common case, without a frame of its own
        Result<Payload> reply = co_await CompletionAwaiter<Result<Payload>, StartRawCall>(
            env.context(), {&step->callee, step->what.request});
        if (!reply) co_return std::unexpected(std::move(reply.error()));
        continue;
      }
      Result<Payload> outcome = co_await run(env, step.get());
      if (!outcome) co_return std::unexpected(std::move(outcome.error()));
    }
    co_return Payload();
  }

  static Task<Result<Payload>> run(Env env, const Step* step) {
    switch (step->what.kind) {
      case Kind::kCompute: {
        const Duration work = step->what.time.sample(step->random(env));
        co_await env.compute(work);
        co_return Payload();
      }
      case Kind::kSleep: {
        const Duration time = step->what.time.sample(step->random(env));
        co_await env.sleep(time);
        co_return Payload();
      }
      case Kind::kSequence: {
        Result<Payload> outcome = co_await in_order(env, &step->inner);
        co_return outcome;
      }
      case Kind::kRepeat: {
        for (std::int64_t time = 0; time < step->what.times; ++time) {
          Result<Payload> outcome = co_await in_order(env, &step->inner);
          if (!outcome) co_return std::unexpected(std::move(outcome.error()));
        }
        co_return Payload();
      }
      case Kind::kCall: {
        Result<Payload> reply = co_await CompletionAwaiter<Result<Payload>, StartRawCall>(
            env.context(), {&step->callee, step->what.request});
        co_return reply;
      }
      case Kind::kParallel: {
        auto join = std::make_shared<Join>();
        join->open = step->inner.size();
        for (const auto& branch : step->inner) env.spawn(run_branch(env, branch.get(), join));
        co_await CompletionAwaiter<Nothing, StartJoin>(env.context(), {join});
        co_return std::move(join->result);
      }
      case Kind::kRead:
      case Kind::kWrite: {
        const TransactOptions options{.locks = {},
                                      .read_only = step->what.kind == Kind::kRead,
                                      .always_commits = step->what.kind == Kind::kWrite,
                                      .statements = static_cast<int>(step->what.rows)};
        Result<std::int64_t> rows =
            co_await env.transact_with(options, touch_rows, step->what.rows);
        if (!rows) co_return std::unexpected(std::move(rows.error()));
        co_return Payload();
      }
      case Kind::kFail: {
        if (step->random(env).chance(step->what.probability.value())) {
          co_return std::unexpected(Error::answered(step->what.status));
        }
        co_return Payload();
      }
    }
    co_return Payload();
  }

  static Task<void> run_branch(Env env, const Step* step, std::shared_ptr<Join> join) {
    Result<Payload> outcome = co_await run(env, step);
    if (!outcome && join->result) join->result = std::unexpected(std::move(outcome.error()));
    if (--join->open == 0 && join->completions != nullptr)
      join->completions->complete(join->done, Nothing{});
  }
};

DeclaredEndpoint::DeclaredEndpoint(std::string service, std::string method,
                                   std::vector<DeclaredStep> steps)
    : service_(std::move(service)),
      method_(std::move(method)),
      steps_(prepare(std::move(steps), method_ + '/')) {}

// Steps are told apart by their kind and their place among those of it, so that a step of another
// kind in between shifts no draws.
DeclaredEndpoint::Steps DeclaredEndpoint::prepare(std::vector<DeclaredStep> steps,
                                                  const std::string& place) {
  std::map<DeclaredStep::Kind, int> so_far;
  Steps prepared;
  for (DeclaredStep& step : steps) {
    auto ready = std::make_unique<Step>();
    ready->what = std::move(step);
    const DeclaredStep& what = ready->what;
    const std::string_view call = what.call;
    const auto dot = call.find('.');
    if (dot != std::string_view::npos)
      ready->callee = RpcName{call.substr(0, dot), call.substr(dot + 1), ""};
    ready->stream = fmt::format("{}{}#{}", place, name_of(what.kind), ++so_far[what.kind]);
    ready->inner = prepare(what.steps, ready->stream + '/');
    prepared.push_back(std::move(ready));
  }
  return prepared;
}

RandomStream& DeclaredEndpoint::Step::random(const Env& env) const {
  const std::size_t process = env.context()->process.index();
  if (process >= streams_.size()) streams_.resize(process + 1);
  auto& own = streams_[process];
  if (own == nullptr)
    own = std::make_unique<RandomStream>(env.runtime().stream(*env.context(), stream));
  return *own;
}

MethodBinding DeclaredEndpoint::binding() const {
  using Promise = Task<Result<Payload>>::promise_type;
  MethodBinding binding;
  binding.name = RpcName{service_, method_, ""};
  if (!steps_.empty()) {
    binding.start = [](Service&, Env env, Payload, const void* data) -> CoroutineBase& {
      return DeclaredRun::endpoint(std::move(env), static_cast<const DeclaredEndpoint*>(data))
          .release()
          .promise();
    };
    binding.finish = [](CoroutineBase& handler) { return static_cast<Promise&>(handler).take(); };
  }
  binding.data = this;
  return binding;
}

}  // namespace soundcheck
