#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/rpc/attempt.hpp"
#include "models/rpc/call_sites.hpp"
#include "sim/core/handle_set.hpp"
#include "sim/env/completion.hpp"
#include "sim/env/rpc.hpp"
#include "sim/world/callback_to.hpp"

namespace soundcheck {

// Someone who is no coroutine and learns how its calls end.
class ReplyListener {
 public:
  virtual ~ReplyListener() = default;
  // Called while the call ends, which may be before call() returns: it may start other calls.
  virtual void on_reply(std::uint64_t ticket, Result<Payload>&& reply) = 0;
  // Before each further attempt, which sends what this makes of the request.
  virtual Payload before_retry(std::uint64_t /*ticket*/, Payload&& request) {
    return std::move(request);
  }
};

// Where the reply of a call goes: to the coroutine that waits at a slot, or to a listener. Nobody
// learns of a call whose process has died.
struct ReplyTo {
  ReplyTo() = default;
  ReplyTo(SlotRef slot) : ticket(slot.packed()) {}
  ReplyTo(ReplyListener& who, std::uint64_t its_ticket) : listener(&who), ticket(its_ticket) {}
  ReplyListener* listener = nullptr;
  std::uint64_t ticket = 0;
};

class Hedges;
struct HedgedCall;

// What a caller waits for, over all its attempts.
struct Call {
  bool waiting = false;  // for the current attempt; false in the pause before the next one
  bool unknown = false;  // an earlier attempt may have taken effect
  bool repeats = false;  // CallOptions::repeats
  bool guarded = false;  // by a breaker, or hedged
  ContextRef context;
  ReplyTo reply;
  ProcessId caller;
  ProcessId server;  // of the current attempt
  MethodId method;
  ConnectionId connection;  // of the current attempt
  AttemptId unsent;         // the request of the current attempt, until there is a connection
  const CallPolicy* policy = nullptr;
  Breaker* breaker = nullptr;      // where guarded: of this call site; may be null
  Breaker::Ticket admittance = 0;  // of the current attempt by the breaker
  Handle<HedgedCall> hedged;       // where guarded: the call that this is one attempt of
  Duration timeout;
  Time patience;               // when the caller's ends
  std::uint32_t attempts = 0;  // so far
  std::uint32_t place = 0;     // among the pausing calls of its caller
  Time started;
  TimerId timer;    // the attempt's timeout, or the pause before the next one
  Payload request;  // kept only while another attempt is possible
};
using CallId = Handle<Call>;

// The callers' side of all calls: attempts, timeouts, retries.
class Calls {
 public:
  // `servers`: how each service takes requests in.
  Calls(Attempts& attempts, CallSites& sites, const std::vector<ServerPolicy>& servers);
  ~Calls();

  void begin(const ContextRef& context, MethodId method, Payload&& request,
             const CallOptions& options, ReplyTo reply);
  // One attempt of a hedged call, which is told of its end in place of whoever waits for the reply.
  void begin_attempt(Handle<HedgedCall> hedged, HedgedCall& of, Payload&& request);
  // That attempt is not waited for any more; whether it may have taken effect. `too_late`: it has
  // failed by that.
  bool cancel(CallId id, bool too_late);
  // Answers without a call.
  void answer(const ReplyTo& reply, Result<Payload>&& result);

  // Of the transport, in the caller's process.
  void connected(CallId id);
  void broken(CallId id, Broken how);
  // The caller has died.
  void give_up(CallId id);
  void reply_arrived(AttemptId id, Attempt& attempt);
  // The reply to this call is about to be sent: what it touches is asked for ahead.
  void expect_reply(CallId id);

  Call& operator[](CallId id) { return calls_[id]; }
  // Sets the timeout of the current attempt anew.
  void time_out_in(CallId id, Duration timeout);
  std::size_t in_use() const { return calls_.in_use(); }

  void on_process_up(ProcessId caller);
  void on_process_down(ProcessId caller);

 private:
  // What one incarnation of a process has as a caller. Its calls end with it or with their
  // connections, and nobody is told.
  class Caller {
   public:
    explicit Caller(Calls& calls) : calls_(calls) {}
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;
    ~Caller();

    void pause(CallId id) { pausing_.add(calls_.calls_, id); }
    void go_on(CallId id) { pausing_.remove(calls_.calls_, id); }
    // Attempts under way to a process, for the balancers.
    std::uint32_t& outstanding(ProcessId server) {
      if (server.index() >= outstanding_.size()) outstanding_.resize(server.index() + 1);
      return outstanding_[server.index()];
    }
    // The replica for an attempt of a call.
    ProcessId choose(const Call& call, ServiceId callee, const std::vector<ProcessId>& replicas);

   private:
    Calls& calls_;
    HandleSet<Call, &Call::place> pausing_;   // before their next attempt
    std::vector<std::uint32_t> outstanding_;  // by process
    std::vector<Balancer*> balancers_;        // by method; null: not asked for yet
  };
  Caller& caller_of(const Call& call) { return *callers_[call.caller.index()]; }

  CallId take(CallSite& site, const ContextRef& context, MethodId method, Payload&& request,
              ReplyTo reply);
  void start_attempt(CallId id, Call& call);
  ConnectionOptions options_of(const Call& call) const;
  const std::vector<ProcessId>* admitted_to(CallId id, const std::vector<ProcessId>& replicas);
  void refused(CallId id);
  void leave_attempt(Call& call);
  void write_request(Attempt& attempt, CallId id, Call& call);
  void send_request(AttemptId id, Attempt& attempt);
  bool pass_request_sent(AttemptId id, Attempt& attempt);
  void duplicate(const Attempt& original);
  void take_reply(AttemptId id, Attempt& attempt);
  void finish_attempt(CallId id, Result<Payload>&& result);
  void end(CallId id, Result<Payload>&& result);
  bool try_again(CallId id, const Error& error);
  Duration backoff(const Call& call);
  void forget(CallId id, Call& call);

  // Callbacks into the caller's process.
  void on_timeout(CallId id);
  void on_retry(CallId id);
  void send_later(AttemptId id);
  void fail_later(AttemptId id);
  void take_reply_later(AttemptId id);

  World& world_;
  Attempts& attempts_;
  CallSites& sites_;
  const std::vector<ServerPolicy>& servers_;
  Balancers balancers_;
  Slab<Call> calls_;
  std::unique_ptr<Hedges> hedges_;
  std::vector<std::unique_ptr<Caller>> callers_;  // by process; null when it is down
};

}  // namespace soundcheck
