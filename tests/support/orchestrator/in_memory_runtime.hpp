#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/core/ready_queue.hpp"
#include "sim/env/env.hpp"
#include "sim/env/scope.hpp"

namespace soundcheck::testing_support {

// One process on virtual time, without database and network: tasks that await only each other run
// to their end. Time stands still unless the test moves it.
class InMemoryRuntime final : public Runtime {
 public:
  InMemoryRuntime() : scope_(std::make_unique<Scope>(ready_)) {}
  ~InMemoryRuntime() override;

  Time now() const { return now_; }
  void advance(Duration duration) { now_ += duration; }
  Env env();

  // Runs a task, and all that it spawns, to the end. Nothing if the process died before.
  template <class T>
  std::optional<T> run(Task<T> task) {
    std::optional<T> result;
    scope_->start(keep(std::move(task), &result).release().promise());
    finish();
    return result;
  }
  // False if the process died before the end.
  bool run(Task<void> task);

  // The process ends at its next await of this, and with it all that runs in it.
  void kill() { scope_->doom(); }
  bool dying() const { return scope_->doomed(); }
  static auto death(const Env& env) {
    return CompletionAwaiter<Nothing, NeverWoken>(env.context(), {});
  }

  Completions& completions() override { return completions_; }
  void call(const ContextRef&, const RpcName& method, Payload, const CallOptions&,
            SlotRef) override;
  void transact(const ContextRef&, std::unique_ptr<TransactionBody>, const TransactOptions&,
                SlotRef) override;
  void compute(const ContextRef&, Duration, SlotRef done) override;
  void sleep(const ContextRef&, Duration, SlotRef) override;
  Time clock(const RequestContext&) override { return now_; }
  RandomStream& random(const RequestContext&) override { return random_; }
  void emit(const RequestContext&, Event) override {}
  RandomStream stream(const RequestContext&, std::string_view purpose) override {
    return RandomStream(1, purpose);
  }
  NameId intern(std::string_view name) override;
  std::string_view name_of(NameId name) override { return names_[name.index()]; }

 private:
  struct NeverWoken {
    void operator()(Runtime&, const ContextRef&, SlotRef) const {}
    void finish(Nothing) const {}
  };

  template <class T>
  static Task<void> keep(Task<T> task, std::optional<T>* result) {
    T value = co_await std::move(task);
    result->emplace(std::move(value));
  }
  void finish();

  Time now_;
  ReadyQueue ready_;
  Completions completions_{ready_};
  std::unique_ptr<Scope> scope_;
  RandomStream random_{1, "memory"};
  std::vector<std::string> names_;
  std::map<std::string, NameId, std::less<>> name_ids_;
};

}  // namespace soundcheck::testing_support
