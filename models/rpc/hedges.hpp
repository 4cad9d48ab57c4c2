#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/rpc/call_sites.hpp"
#include "models/rpc/calls.hpp"
#include "sim/core/slab.hpp"

namespace soundcheck {

// A call of which several attempts may be under way, each a Call that answers here.
struct HedgedCall {
  ContextRef context;
  ReplyTo reply;
  ProcessId caller;
  MethodId method;
  const HedgePolicy* policy = nullptr;
  Hedging* memory = nullptr;
  Time started;
  TimerId deadline;  // of all attempts together
  TimerId next;      // at next_due, a further one
  Time next_due;
  bool unknown = false;  // one that has failed may have taken effect
  CallId first;
  std::uint32_t attempts = 0;
  std::vector<CallId> under_way;
  std::vector<ProcessId> asked;
  Payload request;  // kept only while another attempt is possible
};
using HedgedId = Handle<HedgedCall>;

// Calls under a hedging policy, as gRPC describes them (gRFC A6): when no answer has come after a
// delay, or an attempt has failed, a further replica is asked; the first answer wins and the other
// attempts are given up, as far as the network lets their callees know. A rejection is an answer.
class Hedges {
 public:
  Hedges(World& world, Calls& calls, const MethodTable& methods)
      : world_(world), calls_(calls), methods_(methods) {}

  void begin(CallSite& site, const ContextRef& context, MethodId method, Payload&& request,
             Duration timeout, ReplyTo reply);

  HedgedCall& operator[](HedgedId id) { return hedged_[id]; }
  // Of all replicas, those that the next attempt may go to.
  const std::vector<ProcessId>& candidates(HedgedId id, const std::vector<ProcessId>& replicas);
  // An attempt of it has come to its end.
  void ended(HedgedId id, CallId attempt, Result<Payload>&& result);
  // The breaker refuses a further attempt.
  void refused(HedgedId id, CallId attempt);
  // The caller has died.
  void give_up(HedgedId id, CallId attempt);

 private:
  void send(HedgedId id);
  void send_another(HedgedId id);
  bool may_send_another(const HedgedCall& call);
  // Whether any of them may have taken effect.
  bool give_up_others(HedgedCall& call, bool too_late);
  void end(HedgedId id, Result<Payload>&& result);
  void forget(HedgedId id, HedgedCall& call);

  // Callbacks into the caller's process.
  void on_deadline(HedgedId id);
  void on_next(HedgedId id);

  World& world_;
  Calls& calls_;
  const MethodTable& methods_;
  Slab<HedgedCall> hedged_;
  std::vector<ProcessId> candidates_;
};

}  // namespace soundcheck
