#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "sim/core/ready_queue.hpp"
#include "sim/env/env.hpp"
#include "sim/events/names.hpp"

namespace soundcheck::test {

// A machine room of which the test plays the other end: it keeps what was asked of it and answers
// nothing by itself.
class SilentRuntime : public Runtime {
 public:
  explicit SilentRuntime(ReadyQueue& ready) : completions_(ready) {}

  Completions& completions() override { return completions_; }
  void call(const ContextRef&, const RpcName& method, Payload request, const CallOptions&,
            SlotRef reply) override {
    calls.push_back({std::string(method.method), std::move(request), reply});
  }
  void transact(const ContextRef&, std::unique_ptr<TransactionBody> body, const TransactOptions&,
                SlotRef done) override {
    transactions.emplace_back(std::move(body), done);
  }
  void compute(const ContextRef&, Duration, SlotRef done) override { waits.push_back(done); }
  void sleep(const ContextRef&, Duration, SlotRef done) override { waits.push_back(done); }
  Time clock(const RequestContext&) override { return {}; }
  RandomStream& random(const RequestContext&) override { return random_; }
  RandomStream stream(const RequestContext&, std::string_view purpose) override {
    return RandomStream(1, purpose);
  }
  void emit(const RequestContext&, Event) override {}
  NameId intern(std::string_view name) override { return names_.intern(name); }
  std::string_view name_of(NameId name) override { return names_.text(name); }

  struct Call {
    std::string method;
    Payload request;
    SlotRef reply;
  };
  std::deque<Call> calls;
  std::deque<std::pair<std::unique_ptr<TransactionBody>, SlotRef>> transactions;
  std::deque<SlotRef> waits;  // of sleep and compute

 private:
  Completions completions_;
  RandomStream random_{1, "test"};
  Names names_;
};

// One process that lives in such a machine room.
class EnvTest : public testing::Test {
 protected:
  Env env() {
    RequestContext context;
    context.runtime = &runtime;
    context.scope = &*scope;
    return Env(ContextRef::make(context));
  }
  void start(Task<void> task) { scope->start_now(task.release().promise()); }
  void wake(SlotRef slot) {
    runtime.completions().complete(slot, Nothing{});
    ready.run_all();
  }

  ReadyQueue ready;
  SilentRuntime runtime{ready};
  std::optional<Scope> scope{std::in_place, ready};
};

}  // namespace soundcheck::test
