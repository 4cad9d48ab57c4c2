#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/blueprint/blueprint.hpp"
#include "sim/core/random.hpp"
#include "sim/env/env.hpp"
#include "tests/support/local_runtime/local_database.hpp"

namespace soundcheck::testing_support {

// What becomes of one call between services.
enum class Delivery : std::uint8_t {
  kNormal,
  kRefused,      // never sent: definite
  kLostRequest,  // never arrives; the caller times out
  kLostReply,    // is carried out; the caller times out
  kHeld,         // the caller times out; carried out when the test says deliver_held()
};

// Services without a simulator: calls and transactions complete at once through the ready queue, on
// one SQLite database. Time stands still unless the test advances it or nothing else is left to do;
// or it is the wall clock, which is how the same logic can be served for real.
class LocalRuntime final : public Runtime {
 public:
  struct Options {
    std::string database = ":memory:";
    bool wall_clock = false;
    ServiceSettings settings = {};
  };
  LocalRuntime() : LocalRuntime(Options{}) {}
  explicit LocalRuntime(Options options);
  ~LocalRuntime() override;

  // One replica with its tables; its background loop starts.
  void add(const ServiceBlueprint& blueprint);
  // Kills the process with all that runs in it, and starts it anew.
  void restart(std::string_view service);
  LocalDatabase& database() { return database_; }

  // A client's call, for a saga if one is given; runs until it is answered.
  template <RpcRequest Request>
  Result<typename Request::Reply> call(Request request, SagaContext saga = {}) {
    std::optional<Result<typename Request::Reply>> result;
    client_.start(perform(client_env(saga), std::move(request), &result).release().promise());
    run_until([&] { return result.has_value(); });
    return std::move(*result);
  }
  // The same for a message whose type the caller does not know: whether it was answered well.
  bool send(const RpcName& method, Payload request);
  // One attempt of a worker task in the service that works on its type.
  TaskResult work(TaskInput task);
  // Lets time pass, and all that happens in it.
  void advance(Duration duration);
  Time now() const;

  // Asked for every call between services, also for those of clients: what becomes of it.
  using Network = std::function<Delivery(const RpcName&)>;
  void set_network(Network network) { network_ = std::move(network); }
  void deliver_held();
  std::uint64_t calls_to(std::string_view service, std::string_view method) const;

  SagaContext saga(std::string_view saga_id, std::string_view step);

  Completions& completions() override { return completions_; }
  void call(const ContextRef& context, const RpcName& method, Payload request,
            const CallOptions& options, SlotRef reply) override;
  void transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                const TransactOptions& options, SlotRef done) override;
  void compute(const ContextRef& context, Duration work, SlotRef done) override;
  void sleep(const ContextRef& context, Duration duration, SlotRef done) override;
  Time clock(const RequestContext&) override { return now(); }
  RandomStream& random(const RequestContext&) override { return random_; }
  RandomStream stream(const RequestContext&, std::string_view purpose) override {
    return RandomStream(1, purpose);
  }
  void emit(const RequestContext&, Event) override {}
  NameId intern(std::string_view name) override;
  std::string_view name_of(NameId name) override { return names_[name.index()]; }

 private:
  struct Process {
    ServiceBlueprint blueprint;
    std::unique_ptr<Service> service;
    std::unique_ptr<Scope> scope;
  };
  struct Running {
    const MethodBinding* method = nullptr;
    SlotRef reply;
  };
  struct Held {
    RpcName method;
    Payload request;
    RequestContext context;
  };

  template <class Request>
  static Task<void> perform(Env env, Request request,
                            std::optional<Result<typename Request::Reply>>* result) {
    Result<typename Request::Reply> reply = co_await env.call(std::move(request));
    result->emplace(std::move(reply));
  }
  static Task<void> perform_any(Env env, RpcName method, Payload request,
                                std::optional<bool>* answered);
  static Task<void> perform_task(Env env, Service* service, const WorkerBinding* worker,
                                 TaskInput task, std::optional<TaskResult>* result);

  Env client_env(SagaContext saga);
  Env env_in(Process& process, SagaContext saga);
  void start(Process& process);
  void stop(Process& process);
  void serve(const RpcName& method, Payload request, const RequestContext& caller, SlotRef reply);
  static void on_served(void* self, std::uint64_t running, CoroutineBase& handler);
  void run_until(const std::function<bool()>& done);
  bool fire_next_timer(Time limit);

  Options options_;
  Time virtual_now_;
  std::int64_t wall_start_ = 0;
  LocalDatabase database_;
  ReadyQueue ready_;
  Completions completions_{ready_};
  Scope client_{ready_};
  RandomStream random_{1, "local"};
  std::map<std::string, std::unique_ptr<Process>, std::less<>> processes_;
  std::map<std::uint64_t, Running> running_;
  std::uint64_t next_running_ = 0;
  std::multimap<Time, SlotRef> timers_;
  std::vector<Held> held_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> calls_;
  Network network_;
  std::vector<std::string> names_;
  std::map<std::string, NameId, std::less<>> name_ids_;
};

}  // namespace soundcheck::testing_support
