#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/orchestrator/worker/api.hpp"
#include "sim/core/distribution.hpp"
#include "sim/core/parameters_named.hpp"
#include "sim/core/random.hpp"
#include "sim/env/rpc.hpp"
#include "sim/env/service.hpp"
#include "sim/env/transaction.hpp"

namespace soundcheck {

// Who exists before a run: users are numbered from 0. The same population has the same rows,
// whatever else is in the scenario.
struct Population {
  std::int64_t users = 0;
  std::uint64_t seed = 1;
  ServiceSettings settings = {};  // with the shares of those who subscribe, are declined, ...
};

// Rows of one table that are there before a run: an INSERT that is run for every user who has such
// a row.
struct SeedRows {
  Sql insert;
  // Fills in the parameters of the statement for that user, or returns false: there is no row.
  bool (*row)(const Population& population, std::int64_t user,
              std::vector<SqlValue>& values) = nullptr;
};

// One kind of request that clients send to the service, under the name that workloads use.
struct RequestType {
  std::string_view name;
  std::string_view help;
  RpcName rpc;
  double weight = 0;  // in the mix of a workload that names none; 0: only where it is named
  // The number of the user who sends the sequence-th request of its type; -1: there is nobody.
  std::int64_t (*user)(const Population& population, RandomStream& random,
                       std::uint64_t sequence) = nullptr;
  // That user's message. `sequence` makes a client's idempotency key: the same stream state, user
  // and sequence give the same message, which is what a client's retry sends.
  Payload (*make)(RandomStream& random, std::int64_t user, std::uint64_t sequence) = nullptr;
  // The same message under a key of its own, from a client that makes one for each attempt; null:
  // it has no key.
  Payload (*renew)(Payload request, std::uint32_t attempt) = nullptr;
  // How many users can send it, each once; null: anybody, again and again.
  std::int64_t (*users)(const Population& population) = nullptr;
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

// All that the program knows of a service; nothing about it is written down a second time. One
// function a service fills it in (models/services), models/registry gathers them, and everything
// else walks the registry: `list` and `explain`, what a scenario may name and its JSON Schema,
// placement, the databases and their rows, clients, invariants, tests.
class ServiceBlueprint {
 public:
  std::string name;
  std::string help;      // one line
  bool outside = false;  // a service of others: it can be called and broken, but not configured

  // What a scenario changes under `services:`.
  int replicas = 2;
  int workers = 64;           // requests that a replica works on at a time
  int queue = 256;            // requests that may wait in a replica
  Distribution cost;          // computing time of a request
  Named<Distribution> costs;  // of the endpoints that have one of their own

  // SQL of its tables, each service.table with an explicit primary key; empty: the service keeps no
  // data and has no database.
  std::string schema;
  // SQL with headers (reports/checkers/invariant_file.hpp); may be empty.
  std::string_view invariants;
  std::vector<SeedRows> seed_rows;  // in the order in which they are to be run

  std::vector<const AnyParameterTable*> settings;  // values of `business:` that it reads
  std::vector<SeededDefect> defects;               // those that it knows
  std::vector<RequestType> requests;               // what clients send to it

  std::function<std::unique_ptr<Service>(const ServiceSettings&)> create;
  std::vector<MethodBinding> methods;  // its endpoints
  std::vector<WorkerBinding> tasks;    // of workflows, for which its replicas poll

  const Distribution& cost_of(std::string_view method) const {
    const Distribution* const own = costs.find(method);
    return own == nullptr ? cost : *own;
  }

  template <class S>
  void created_as() {
    create = [](const ServiceSettings& settings) { return std::make_unique<S>(settings); };
  }

  // Task<Result<Reply>> S::handler(Env, Request): answers Request::rpc, at a cost of its own.
  template <auto Member>
  void handles(Distribution own_cost) {
    handles<Member>();
    costs.at_or_add(methods.back().name.method) = std::move(own_cost);
  }
  // The same, at the usual cost.
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
    tasks.push_back({std::move(task_type), [](Service& service, Env env, TaskInput input) {
                       return (static_cast<S&>(service).*Member)(std::move(env), std::move(input));
                     }});
  }
};

}  // namespace soundcheck
