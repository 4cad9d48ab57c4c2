#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/core/task.hpp"
#include "sim/env/env.hpp"
#include "sim/events/event_values.hpp"

namespace soundcheck {

// What the scenario tells a service about itself and about the business: seeded defects that are
// switched on, and durations and numbers by name ("decision_lifetime").
struct ServiceSettings {
  std::set<std::string, std::less<>> defects;
  std::map<std::string, Duration, std::less<>> durations;
  std::map<std::string, std::int64_t, std::less<>> numbers;

  bool defect(std::string_view name) const { return defects.contains(name); }
  Duration duration(std::string_view name, Duration otherwise) const {
    const auto found = durations.find(name);
    return found == durations.end() ? otherwise : found->second;
  }
  std::int64_t number(std::string_view name, std::int64_t otherwise) const {
    const auto found = numbers.find(name);
    return found == numbers.end() ? otherwise : found->second;
  }
};

// One replica of a service: what lives in the memory of its process. Made anew by every restart.
class Service {
 public:
  virtual ~Service() = default;
  // Runs from the start of the process until it dies: outbox publishers and other background loops.
  virtual Task<void> background(Env) { co_return; }
};

struct TaskInput {
  std::string task_id;
  std::string worker_id;
  std::string task_type;
  std::string reference;  // taskReferenceName
  std::string workflow_id;
  std::string saga_id;  // 16 hexadecimal digits
  std::int64_t retry_count = 0;
  Json input;
};
struct TaskResult {
  TaskStatus status = TaskStatus::kCompleted;
  Json output = Json::object();
  std::string reason;
  Duration callback_after;  // with kInProgress: back in the queue after that, in whole seconds

  static TaskResult completed(Json output = Json::object()) {
    return {TaskStatus::kCompleted, std::move(output), {}, {}};
  }
  static TaskResult failed(std::string reason) {
    return {TaskStatus::kFailed, Json::object(), std::move(reason), {}};
  }
  static TaskResult terminal(std::string reason) {
    return {TaskStatus::kFailedWithTerminalError, Json::object(), std::move(reason), {}};
  }
};

// How the framework runs a handler without knowing its types.
struct MethodBinding {
  RpcName name;
  // Makes the handler's coroutine (not started); the frame is released to the caller, who hands it
  // to a Scope.
  CoroutineBase& (*start)(Service& service, Env env, Payload request, const void* data) = nullptr;
  // Reads the result out of a finished one.
  Result<Payload> (*finish)(CoroutineBase& handler) = nullptr;
  // A request from JSON (Conductor's HTTP tasks); an error text when a member has the wrong type.
  std::expected<Payload, std::string> (*parse)(const Json& request) = nullptr;
  const void* data = nullptr;  // passed to start: the declaration of a service without C++
};

struct WorkerBinding {
  std::string task_type;
  Task<TaskResult> (*run)(Service& service, Env env, TaskInput input) = nullptr;
};

namespace detail {
template <auto Member>
struct HandlerTraits;
template <class S, class Q, class R, Task<Result<R>> (S::*Member)(Env, Q)>
struct HandlerTraits<Member> {
  using ServiceType = S;
  using Request = Q;
  using Reply = R;
};
template <auto Member>
struct WorkerTraits;
template <class S, Task<TaskResult> (S::*Member)(Env, TaskInput)>
struct WorkerTraits<Member> {
  using ServiceType = S;
};
}  // namespace detail

// What a service is: its name, schema, rules and handlers. One function per service fills it in,
// see models/services.
class ServiceBlueprint {
 public:
  std::string name;
  std::string_view schema;  // SQL of its tables, each service.table with an explicit primary key
  std::string_view
      invariants;  // SQL of its invariants with their headers (models/services/README.md)
  std::function<std::unique_ptr<Service>(const ServiceSettings&)> create;
  std::vector<MethodBinding> methods;
  std::vector<WorkerBinding> workers;

  template <class S>
  void created_as() {
    create = [](const ServiceSettings& settings) { return std::make_unique<S>(settings); };
  }

  // Task<Result<Reply>> S::handler(Env, Request): answers Request::rpc.
  template <auto Member>
  void handles() {
    using Traits = detail::HandlerTraits<Member>;
    using S = typename Traits::ServiceType;
    using Request = typename Traits::Request;
    using Reply = typename Traits::Reply;
    static_assert(std::is_same_v<Reply, typename Request::Reply>,
                  "the handler answers with the request's Reply");
    using Promise = typename Task<Result<Reply>>::promise_type;
    methods.push_back(MethodBinding{
        .name = Request::rpc,
        .start = [](Service& service, Env env, Payload request, const void*) -> CoroutineBase& {
          return (static_cast<S&>(service).*Member)(std::move(env), request.take<Request>())
              .release()
              .promise();
        },
        .finish = [](CoroutineBase& handler) -> Result<Payload> {
          Result<Reply> result = static_cast<Promise&>(handler).take();
          if (!result) return std::unexpected(std::move(result.error()));
          return Payload::of(std::move(*result));
        },
        .parse = [](const Json& json) -> std::expected<Payload, std::string> {
          Request request{};
          if (!from_json_value(json, request))
            return std::unexpected("a member has the wrong type");
          return Payload::of(std::move(request));
        },
        .data = nullptr});
  }

  // Task<TaskResult> S::worker(Env, TaskInput): polls the orchestrator for tasks of this type.
  template <auto Member>
  void works_on(std::string task_type) {
    using S = typename detail::WorkerTraits<Member>::ServiceType;
    workers.push_back(
        WorkerBinding{std::move(task_type), [](Service& service, Env env, TaskInput input) {
                        return (static_cast<S&>(service).*Member)(std::move(env), std::move(input));
                      }});
  }
};

}  // namespace soundcheck
