#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "models/rpc/method_table.hpp"
#include "models/rpc/policy.hpp"

namespace soundcheck {

// What a caller process remembers of its hedged calls: how long they take, and what is left of its
// budget.
class Hedging {
 public:
  explicit Hedging(const HedgePolicy& policy);

  HedgeDelay& delay() { return *delay_; }
  void count_call();
  bool spend();  // one attempt; false: nothing is left

 private:
  std::unique_ptr<HedgeDelay> delay_;
  std::int64_t for_each_call_;  // in millionths of an attempt
  std::int64_t left_;
};

// A policy with what the callers have learned under it.
struct CallSite {
  CallPolicy policy;
  bool guarded = false;  // by a breaker, or hedged
  // By caller process.
  std::map<std::uint32_t, std::unique_ptr<Breaker>> breakers;
  std::map<std::uint32_t, std::unique_ptr<Hedging>> hedging;

  void set(const CallPolicy& to) {
    policy = to;
    guarded = to.breaker || to.hedge;
  }
  // Null if the policy has none.
  Breaker* breaker_of(ProcessId caller);
  // The policy hedges.
  Hedging& hedging_of(ProcessId caller);
};

// How processes call services. Those of one service call alike, unless a process has a policy of
// its own, as each load's clients have.
class CallSites {
 public:
  CallSites(const World& world, const MethodTable& methods);

  // For calls of one service to another, or to one method of it, which wins; an invalid callee
  // means: to every service without a policy of its own. Before the first call.
  void set(ServiceId caller, ServiceId callee, const CallPolicy& policy, const std::string& method);
  // For all calls of one process, instead of what its service has.
  void set(ProcessId caller, const CallPolicy& policy);
  CallSite& of(ProcessId caller, MethodId method) {
    const std::uint32_t group = groups_[caller.index()];
    auto& of_caller = found_[group];
    if (method.index() >= of_caller.size()) of_caller.resize(methods_.size());
    CallSite*& site = of_caller[method.index()];
    if (site == nullptr) site = &find(group, method);
    return *site;
  }
  // The process has died, and what it knew.
  void forget(ProcessId caller);

 private:
  CallSite& find(std::uint32_t group, MethodId method);

  const MethodTable& methods_;
  CallSite default_;
  // By calling group, callee and method; empty: every method of it.
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::string>, CallSite> sites_;
  std::vector<std::uint32_t> groups_;  // by process: its service's number, or one of its own
  std::vector<std::vector<CallSite*>> found_;  // by group and method; found when called
};

}  // namespace soundcheck
