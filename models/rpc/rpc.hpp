#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/rpc/call_sites.hpp"
#include "models/rpc/calls.hpp"
#include "models/rpc/endpoint.hpp"
#include "models/rpc/long_polls.hpp"
#include "models/rpc/method_table.hpp"

namespace soundcheck {

// Remote calls between the processes of a world, as HTTP/1.1 over TCP fails in reality:
//
//   pick a replica -> connection (models/transport) -> request on the wire -> accept queue
//   (bounded; full means refused) -> a worker -> CPU of the endpoint -> handler -> reply on the
//   wire
//
// - a crashed process on a living host: its connections are reset, new ones refused, one latency
//   later;
// - a paused process: connections are accepted, requests acknowledged, then silence until it goes
//   on;
// - an unreachable host, a partition: silence. What was lost is sent again, so a message arrives
//   after healing, unless the caller's timeout has closed its connection by then;
// - a caller's timeout does not stop the callee; its late reply is dropped, its effects stay.
//
// Call sites, servers and endpoints are set up before the run; nothing is allocated per call in the
// steady state but the messages themselves.
class Rpc final : public Protocol, public ProcessObserver {
 public:
  Rpc(World& world, Runtime& runtime);

  // --- set-up ---
  // Endpoints are named by service and method; `binding` is copied.
  MethodId add_method(ServiceId service, const MethodBinding& binding, EndpointCosts costs) {
    return methods_.add(service, binding, std::move(costs));
  }
  // Before the first process of the service starts.
  void set_server_policy(ServiceId service, ServerPolicy policy) {
    server_policies_[service.index()] = policy;
  }
  // See CallSites::set.
  void set_call_policy(ServiceId caller, ServiceId callee, const CallPolicy& policy,
                       const std::string& method = {}) {
    sites_.set(caller, callee, policy, method);
  }
  void set_call_policy(ProcessId caller, const CallPolicy& policy) { sites_.set(caller, policy); }
  // The service object that answers in a process that runs, as long as it does; may be null. Owned
  // by the caller.
  void set_service(ProcessId process, Service* service) {
    endpoints_[process.index()]->set_service(service);
  }
  // Invalid if there is none.
  MethodId find_method(std::string_view service, std::string_view method) const {
    return methods_.find(service, method);
  }
  NameId method_name(MethodId method) const { return methods_[method].name; }
  const MethodBinding& binding(MethodId method) const { return methods_[method].binding; }

  // --- calls ---
  // Answers `reply` with Result<Payload>. An unknown method answers not-found after no time at
  // all.
  void call(const ContextRef& context, const RpcName& method, Payload request,
            const CallOptions& options, ReplyTo reply);
  void call(const ContextRef& context, MethodId method, Payload request, const CallOptions& options,
            ReplyTo reply) {
    calls_.begin(context, method, std::move(request), options, reply);
  }

  // --- long polls: see Idling ---
  LongPolls& long_polls() { return polls_; }

  // The breaker of a caller process for a method; null if it has none, or has not called yet.
  const Breaker* breaker(ProcessId caller, MethodId method);
  // Requests in the accept queue and in workers of a replica now.
  std::size_t waiting(ProcessId process) const;
  std::uint32_t busy(ProcessId process) const;
  // Nothing under way: for tests, and for the settle phase.
  bool idle() const { return calls_.in_use() == 0 && attempts_.in_use() == 0; }

  // --- told by the world and by the transport ---
  void on_process_up(ProcessId process) override;
  void on_process_down(ProcessId process, DownCause cause) override;
  void on_connected(std::uint64_t owner, ConnectionId connection) override;
  void on_broken(std::uint64_t owner, Broken how) override;
  void on_owner_died(std::uint64_t owner) override { calls_.give_up(CallId::unpack(owner)); }
  void on_message(std::uint64_t message, End at) override;
  void on_message_lost(std::uint64_t message) override;
  void on_closed(std::uint64_t message) override;

 private:
  World& world_;
  MethodTable methods_;
  std::vector<ServerPolicy> server_policies_;  // by service
  CallSites sites_;
  Attempts attempts_;
  Calls calls_;
  LongPolls polls_;
  Endpoint::Surroundings around_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;  // by process; null when it is down
};

}  // namespace soundcheck
