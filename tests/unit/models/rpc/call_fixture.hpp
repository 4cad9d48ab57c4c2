#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "models/blueprint/blueprint.hpp"
#include "models/runtime/service_host.hpp"
#include "sim/env/env.hpp"
#include "tests/support/one_zone.hpp"

namespace soundcheck {

inline void PrintTo(Duration duration, std::ostream* out) {
  *out << duration.count() << "ns";
}
inline void PrintTo(Time time, std::ostream* out) {
  *out << time.count() << "ns";
}

struct Pong {
  std::int64_t replica = 0;
  static constexpr auto fields() { return std::tuple{field("replica", &Pong::replica)}; }
};
struct Ping {
  static constexpr RpcName rpc{"callee", "ping", "POST /pings"};
  using Reply = Pong;
  std::int64_t work_ns = 0;  // the handler sleeps that long
  std::int64_t refuse = 0;   // ErrorCode + 1 that it then answers with, or 0
  static constexpr auto fields() {
    return std::tuple{field("work_ns", &Ping::work_ns), field("refuse", &Ping::refuse)};
  }
};

inline Ping ping_that_takes(Duration work) {
  return Ping{.work_ns = work.count()};
}

// One call as its caller saw it.
struct ObservedCall {
  bool ended = false;
  Time started;
  Time at;  // of the end
  Result<Pong> result = Pong{};

  Duration took() const { return at - started; }
  bool failed_with(ErrorCode code) const { return ended && !result && result.error().code == code; }
  bool definite() const { return !result && result.error().definite; }
};

// A caller and a callee service on hosts of their own, one way between any two of which takes
// exactly 1 ms whatever the size of a message.
class CallFixture {
 public:
  static constexpr Duration kOneWay = Duration::milliseconds(1);
  static constexpr Duration kRoundTrip = Duration::milliseconds(2);

  struct Shape {
    int callers = 1;
    int callees = 1;
    CallPolicy policy = {};
    ServerPolicy server = {};
    std::uint64_t seed = 1;
    Distribution service_time = {};  // the handler sleeps that long besides
  };

  explicit CallFixture(Shape shape)
      : world(Fidelity::kDirect, platform(shape), shape.seed), service_time(shape.service_time) {
    caller_service = world.add_service("caller");
    callee_service = world.add_service("callee");
    std::uint32_t host = 0;
    for (int i = 0; i < shape.callers; ++i) {
      callers.push_back(
          world.add_process(caller_service, "caller-" + std::to_string(i), HostId(host++)));
    }
    for (int i = 0; i < shape.callees; ++i) {
      callees.push_back(
          world.add_process(callee_service, "callee-" + std::to_string(i), HostId(host++)));
    }
    begun.resize(callees.size());
    finished.resize(callees.size());
    runtime = std::make_unique<SimulatedRuntime>(world);
    services = std::make_unique<ServiceHost>(*runtime);
    ServiceBlueprint blueprint;
    blueprint.handles<&Callee::ping>();
    runtime->rpc().add_method(callee_service, blueprint.methods.front(), {});
    runtime->rpc().set_call_policy(caller_service, callee_service, shape.policy);
    runtime->rpc().set_server_policy(callee_service, shape.server);
    services->serve(callee_service, [this](ProcessId process) {
      return std::make_unique<Callee>(*this, world.process(process).replica);
    });
    for (const ProcessId process : callers) world.start(process);
    for (const ProcessId process : callees) world.start(process);
  }

  Rpc& rpc() { return runtime->rpc(); }

  // Begins a call now; the reference stays valid.
  ObservedCall& call(Ping request = {}, SagaContext saga = {}, std::size_t caller = 0) {
    ObservedCall& call = calls_.emplace_back();
    call.started = world.now();
    const ProcessId process = callers[caller];
    const Env env(runtime->new_context(process, calls_.size(), saga));
    world.process(process).scope->start(observe(env, request, &call).release().promise());
    return call;
  }
  // Begins a call at that time.
  ObservedCall& call_at(Duration at, Ping request = {}) {
    run_until(at);
    return call(request);
  }
  void run_until(Duration at) {
    world.kernel().schedule(Time::at(at), {[](void*, std::uint64_t) {}, nullptr, 0});
    world.kernel().run(Time::at(at));
  }
  void run() { world.kernel().run(Time::at(1_h)); }

  World world;
  Distribution service_time;
  ServiceId caller_service;
  ServiceId callee_service;
  std::vector<ProcessId> callers;
  std::vector<ProcessId> callees;
  std::vector<int> begun;  // handlers, by replica of the callee
  std::vector<int> finished;
  std::unique_ptr<SimulatedRuntime> runtime;
  std::unique_ptr<ServiceHost> services;

 private:
  class Callee final : public Service {
   public:
    Callee(CallFixture& fixture, std::uint32_t replica) : fixture_(fixture), replica_(replica) {}
    Task<Result<Pong>> ping(Env env, Ping request) {
      ++fixture_.begun[replica_];
      const Duration work =
          Duration::nanoseconds(request.work_ns) + fixture_.service_time.sample(env.random());
      if (work > Duration()) co_await env.sleep(work);
      ++fixture_.finished[replica_];
      if (request.refuse > 0) co_return failure(static_cast<ErrorCode>(request.refuse - 1));
      co_return Pong{replica_};
    }

   private:
    CallFixture& fixture_;
    std::uint32_t replica_;
  };

  static Platform platform(const Shape& shape) {
    const auto hosts = static_cast<std::size_t>(shape.callers + shape.callees);
    return test::one_zone(hosts, test::linked_by(500_us));
  }

  Task<void> observe(Env env, Ping request, ObservedCall* call) {
    Result<Pong> result = co_await env.call(request);
    call->result = std::move(result);
    call->ended = true;
    call->at = world.now();
  }

  std::deque<ObservedCall> calls_;
};

}  // namespace soundcheck
