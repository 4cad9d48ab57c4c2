#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "models/rpc/policy.hpp"
#include "sim/core/slab.hpp"
#include "sim/env/service.hpp"
#include "sim/world/process_streams.hpp"
#include "sim/world/world.hpp"

namespace soundcheck {

// Someone who is no coroutine and learns how its calls end.
class ReplyListener {
 public:
  virtual ~ReplyListener() = default;
  // Called while the call ends, which may be before call() returns: it may start other calls.
  virtual void on_reply(std::uint64_t ticket, Result<Payload>&& reply) = 0;
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

// Remote calls between the processes of a world, as HTTP/1.1 over TCP fails in reality:
//
//   pick a replica -> connection (a new one costs round trips, then it is kept alive) -> request on
//   the wire -> accept queue (bounded; full means refused) -> a worker -> CPU of the endpoint ->
//   handler -> reply on the wire
//
// - a crashed process on a living host: its connections are reset, new ones refused, one latency
// later;
// - a paused process: connections are accepted, requests acknowledged, then silence until it goes
// on;
// - an unreachable host, a partition: silence. TCP sends again after 200 ms, 400 ms, ... so a
// message arrives after
//   healing, unless the caller's timeout has closed its connection by then;
// - a caller's timeout does not stop the callee; its late reply is dropped, its effects stay.
//
// A long poll (CallOptions::repeats) whose handler has nothing to answer can be parked: it stays
// where it is, without a timer, until the handler has an answer or anything disturbs the world.
// What its repetitions would have cost is counted (kCallsRepeated, kHandlersRepeated), not
// simulated.
//
// Call sites, servers and endpoints are set up before the run; nothing is allocated per call in the
// steady state but the messages themselves.
class Rpc final : public ProcessObserver, public DisturbanceObserver {
 public:
  explicit Rpc(World& world, Runtime& runtime);

  // --- set-up ---
  // Endpoints are named by service and method; `binding` (may have no handler: the endpoint only
  // costs its CPU) is copied.
  MethodId add_method(ServiceId service, const MethodBinding& binding, EndpointCosts costs);
  void set_server_policy(ServiceId service, ServerPolicy policy) {
    server_policies_[service.index()] = policy;
  }
  // For calls of one service to another, or to one method of it, which wins; an invalid callee
  // means: to every service without a policy of its own. Before the first call.
  void set_call_policy(ServiceId caller, ServiceId callee, const CallPolicy& policy,
                       const std::string& method = {});
  // The service object that answers in this process from now on; null when it has gone. Owned by
  // the caller.
  void set_service(ProcessId process, Service* service);
  MethodId find_method(std::string_view service,
                       std::string_view method) const;  // invalid if there is none
  NameId method_name(MethodId method) const { return methods_[method.index()].name; }
  const MethodBinding& binding(MethodId method) const { return methods_[method.index()].binding; }

  // --- calls ---
  // Answers `reply` with Result<Payload>. An unknown method answers not-found after no time at
  // all.
  void call(const ContextRef& context, const RpcName& method, Payload request,
            const CallOptions& options, ReplyTo reply);
  void call(const ContextRef& context, MethodId method, Payload request, const CallOptions& options,
            ReplyTo reply);

  // --- long polls: see Idling ---
  bool may_park(const ContextRef& context, Duration hold);
  void park(const ContextRef& context, Duration hold, SlotRef woken);
  Duration resume(const ContextRef& context);
  // Counts what parked polls have left out until now; at the end of a run.
  void account_for_parked();

  // The breaker of a caller process for a method; null if it has none, or has not called yet.
  const Breaker* breaker(ProcessId caller, MethodId method);

  // Requests in the accept queue and in workers of a replica now.
  std::size_t waiting(ProcessId process) const { return servers_[process.index()].queue.size(); }
  std::uint32_t busy(ProcessId process) const { return servers_[process.index()].busy; }
  // Nothing under way: for tests, and for the settle phase.
  bool idle() const { return calls_.in_use() == 0 && exchanges_.in_use() == 0; }

  void on_process_up(ProcessId process) override;
  void on_process_down(ProcessId process, DownCause cause) override;
  void on_disturbance() override;

 private:
  struct Call;
  struct Method {
    ServiceId service;
    NameId name;
    MethodBinding binding;
    EndpointCosts costs;
    ProcessStreams random;  // of the endpoint's costs, by server
    ProcessStreams jitter;  // of retries, by caller
  };

  // One request or reply on one connection, from the caller's send to the end of its way: always
  // held by exactly one of the network, an accept queue, a worker or a timer.
  struct Exchange {
    bool in_use = false;
    bool at_server = false;  // queued or in a worker
    bool failed = false;     // the reply is `error`
    bool repeats = false;    // CallOptions::repeats
    std::uint8_t sends = 0;  // tries of the message under way
    MethodId method;
    ProcessId client;
    ProcessId server;
    std::uint32_t client_incarnation = 0;
    std::uint32_t server_incarnation = 0;  // of the process that accepted the connection
    Handle<Call> call;                     // stale when the caller has given up
    std::uint32_t attempt = 0;             // of the call
    std::uint64_t trace = 0;
    SagaContext saga;
    Time deadline;
    Time arrived;
    Time started;
    ActivityId computing;
    const RequestContext* handler = nullptr;  // of a request that repeats: names its long poll
    Payload payload;                          // the request, later the reply
    Error error;
  };

  // What a caller waits for, over all its attempts.
  struct Call {
    bool in_use = false;
    bool waiting = false;     // for the current attempt; false in the pause before the next one
    bool connecting = false;  // nothing of the current attempt has left yet
    ContextRef context;
    ReplyTo reply;
    ProcessId caller;
    ProcessId server;  // of the current attempt
    MethodId method;
    const CallPolicy* policy = nullptr;
    Breaker* breaker = nullptr;      // of this call site; may be null
    Breaker::Ticket admittance = 0;  // of the current attempt by the breaker
    Duration timeout;
    std::uint32_t attempt = 0;
    bool unknown = false;  // an earlier attempt may have taken effect
    bool repeats = false;  // CallOptions::repeats
    Time started;
    TimerId timer;    // the attempt's timeout, or the pause before the next one
    Payload request;  // kept only while another attempt is possible
  };

  // A request with a handler whose caller repeats it.
  struct LongPoll {
    Handle<Exchange> exchange;
    Time begun;                // the handler
    Duration work;             // of the endpoint, before that
    std::uint64_t parked = 0;  // in the order in which it happened; 0: it is not
    Duration hold;             // from `begun`
    SlotRef woken;
  };

  struct ServerState {
    Service* service = nullptr;
    std::uint32_t busy = 0;
    std::deque<Handle<Exchange>> queue;
    std::vector<std::unique_ptr<Admission>> admission;
  };

  // Connections of one client process to one server process. Idle ones are alike.
  struct Peer {
    std::uint32_t idle = 0;
    std::uint32_t incarnation = 0;  // of the server when they were opened
    std::uint32_t outstanding = 0;  // attempts under way, for the balancers
  };

  // A policy with what the callers have learned under it.
  struct CallSite {
    CallPolicy policy;
    std::map<std::uint32_t, std::unique_ptr<Breaker>> breakers;  // by caller process
  };

  CallSite& site_of(ServiceId caller, MethodId method) {
    auto& of_caller = sites_[caller.index()];
    if (method.index() >= of_caller.size()) of_caller.resize(methods_.size());
    CallSite*& site = of_caller[method.index()];
    if (site == nullptr) site = &find_site(caller, method);
    return *site;
  }
  CallSite& find_site(ServiceId caller, MethodId method);
  Breaker* breaker_of(CallSite& site, ProcessId caller);
  Peer& peer(ProcessId client, ProcessId server) {
    auto& of_client = peers_[client.index()];
    if (server.index() >= of_client.size()) of_client.resize(server.index() + 1);
    return of_client[server.index()];
  }
  bool client_waits(const Exchange& exchange);

  // calls.cpp
  void start_attempt(Handle<Call> handle);
  bool admitted(Handle<Call> handle);
  void finish_attempt(Handle<Call> handle, Result<Payload>&& result);
  void end_call(Handle<Call> handle, Result<Payload>&& result);
  void answer(const ReplyTo& reply, Result<Payload>&& result);
  bool try_again(Handle<Call> handle, const Error& error);
  Duration backoff(const Call& call);
  static void on_timeout(void* self, std::uint64_t packed_call);
  static void on_retry(void* self, std::uint64_t packed_call);

  // exchanges.cpp
  void connect(Handle<Exchange> handle);
  void send_request(Handle<Exchange> handle);
  AfterFailpoint request_leaves(Handle<Exchange> handle);
  void send_twin(Handle<Exchange> handle);
  void send_reply(Handle<Exchange> handle);
  AfterFailpoint reply_is_there(Handle<Exchange> handle);
  void refuse(Handle<Exchange> handle, Error error);
  bool send_again(Exchange& exchange, Handle<Exchange> handle,
                  void (*resend)(void*, std::uint64_t));
  void release(Handle<Exchange> handle);
  static void on_connect_arrived(void* self, std::uint64_t packed, Outcome outcome);
  static void on_accepted(void* self, std::uint64_t packed, Outcome outcome);
  static void on_request_arrived(void* self, std::uint64_t packed, Outcome outcome);
  static void on_reply_arrived(void* self, std::uint64_t packed, Outcome outcome);
  static void on_refusal_arrived(void* self, std::uint64_t packed, Outcome outcome);
  static void on_handshake_done(void* self, std::uint64_t packed);
  static void connect_again(void* self, std::uint64_t packed);
  static void request_again(void* self, std::uint64_t packed);
  static void reply_again(void* self, std::uint64_t packed);
  static void request_received(void* self, std::uint64_t packed);
  static void reply_received(void* self, std::uint64_t packed);
  static void take_reply(void* self, std::uint64_t packed);
  static void deliver_reset(void* self, std::uint64_t packed);

  // servers.cpp
  void accept(Handle<Exchange> handle);
  AfterFailpoint request_is_there(Handle<Exchange> handle);
  void enter_queue(Handle<Exchange> handle);
  bool turned_away(Handle<Exchange> handle, const ServerPolicy& policy);
  void emit_refused(const Exchange& exchange);
  void begin(Handle<Exchange> handle);
  void compute(Handle<Exchange> handle);
  void run_handler(Handle<Exchange> handle);
  void leave_worker(Handle<Exchange> handle);
  AfterFailpoint reply_leaves(Handle<Exchange> handle);
  void next_from_queue(ProcessId server);
  static void on_computed(void* self, std::uint64_t packed, Outcome outcome);
  static void on_handler_done(void* self, std::uint64_t packed, CoroutineBase& handler);
  static void run_computed(void* self, std::uint64_t packed);
  static void compute_posted(void* self, std::uint64_t packed);
  static void begin_posted(void* self, std::uint64_t packed);
  static void begin_delayed(void* self, std::uint64_t packed);
  static void reply_delayed(void* self, std::uint64_t packed);

  // long_polls.cpp
  Duration way_of(const Exchange& exchange) const;
  void catch_up(LongPoll& poll);
  void count_repeated(const Exchange& exchange, std::int64_t times, Duration in_worker,
                      Duration whole);
  // Of one server, or all of them; in the order in which they were parked.
  std::vector<LongPoll*> parked_polls(ProcessId server);
  void wake_parked(ProcessId server);

  FailpointContext failpoint_context(const Exchange& exchange, bool at_client) const;

  World& world_;
  Runtime& runtime_;
  std::vector<Method> methods_;
  std::map<std::pair<std::string, std::string>, MethodId> method_ids_;
  // What callers named last, found by the name's address: the address decides only how fast.
  struct KnownName {
    const RpcName* name = nullptr;
    MethodId method;
  };
  std::array<KnownName, 256> known_names_;
  std::vector<ServerPolicy> server_policies_;
  CallSite default_site_;
  // By caller, callee and method; empty: every method of it.
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::string>, CallSite> call_sites_;
  std::vector<std::vector<CallSite*>> sites_;  // by caller service and method; found when called
  std::vector<ServerState> servers_;
  std::vector<std::vector<Peer>> peers_;  // by client and server process
  Balancers balancers_;
  Slab<Call> calls_;
  Slab<Exchange> exchanges_;
  std::unordered_map<const RequestContext*, LongPoll> long_polls_;  // by context of the handler
  std::uint64_t parked_so_far_ = 0;
};

}  // namespace soundcheck
