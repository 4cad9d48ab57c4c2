#include "models/rpc/rpc.hpp"

#include <fmt/format.h>

#include "sim/core/assert.hpp"

namespace soundcheck {

Rpc::Rpc(World& world, Runtime& runtime)
    : world_(world),
      runtime_(runtime),
      server_policies_(world.service_count()),
      servers_(world.process_count()),
      peers_(world.process_count()),
      balancers_(world) {
  sites_.resize(world.service_count());
  world.observe_processes(*this);
  world.disturbances().observe(*this);
}

MethodId Rpc::add_method(ServiceId service, const MethodBinding& binding, EndpointCosts costs) {
  const MethodId id(static_cast<std::uint32_t>(methods_.size()));
  const std::string full = fmt::format("{}.{}", binding.name.service, binding.name.method);
  methods_.push_back({service, world_.names().intern(full), binding, std::move(costs),
                      ProcessStreams(world_, "rpc/endpoint/" + full),
                      ProcessStreams(world_, "rpc/retry-jitter/" + full)});
  const bool fresh =
      method_ids_
          .emplace(std::pair(std::string(binding.name.service), std::string(binding.name.method)),
                   id)
          .second;
  SOUNDCHECK_ASSERT(fresh, "method {} added twice", full);
  return id;
}

void Rpc::set_call_policy(ServiceId caller, ServiceId callee, const CallPolicy& policy,
                          const std::string& method) {
  call_sites_[{caller.index(), callee.index(), method}].policy = policy;
  sites_[caller.index()].clear();
}

Rpc::CallSite& Rpc::find_site(ServiceId caller, MethodId method) {
  const Method& called = methods_[method.index()];
  const auto callee = called.service.index();
  const std::string name(called.binding.name.method);
  auto found = call_sites_.find({caller.index(), callee, name});
  if (found == call_sites_.end()) found = call_sites_.find({caller.index(), callee, ""});
  if (found == call_sites_.end())
    found = call_sites_.find({caller.index(), ServiceId().index(), ""});
  return found == call_sites_.end() ? default_site_ : found->second;
}

Breaker* Rpc::breaker_of(CallSite& site, ProcessId caller) {
  if (!site.policy.breaker) return nullptr;
  std::unique_ptr<Breaker>& breaker = site.breakers[caller.index()];
  if (breaker == nullptr) breaker = site.policy.breaker->make();
  return breaker.get();
}

const Breaker* Rpc::breaker(ProcessId caller, MethodId method) {
  const CallSite& site = site_of(world_.process(caller).service, method);
  const auto found = site.breakers.find(caller.index());
  return found == site.breakers.end() ? nullptr : found->second.get();
}

void Rpc::set_service(ProcessId process, Service* service) {
  servers_[process.index()].service = service;
}

MethodId Rpc::find_method(std::string_view service, std::string_view method) const {
  const auto found = method_ids_.find({std::string(service), std::string(method)});
  return found == method_ids_.end() ? MethodId() : found->second;
}

void Rpc::call(const ContextRef& context, const RpcName& method, Payload request,
               const CallOptions& options, ReplyTo reply) {
  const auto address = reinterpret_cast<std::uintptr_t>(&method) / alignof(RpcName);
  KnownName& known = known_names_[(address ^ (address >> 8)) % known_names_.size()];
  if (known.name != &method) known = {&method, find_method(method.service, method.method)};
  if (!known.method.valid()) {
    answer(reply, std::unexpected(Error::answered(
                      404, fmt::format("no method {}.{}", method.service, method.method))));
    return;
  }
  call(context, known.method, std::move(request), options, reply);
}

// The process has new connections and an empty queue; what its last incarnation owned was dropped
// when it died.
void Rpc::on_process_up(ProcessId process) {
  const ServerPolicy& policy = server_policies_[world_.process(process).service.index()];
  auto& admission = servers_[process.index()].admission;
  admission.clear();
  for (const Strategy<Admission>& strategy : policy.admission) admission.push_back(strategy.make());
}

void Rpc::on_process_down(ProcessId process, DownCause cause) {
  ServerState& server = servers_[process.index()];
  server.service = nullptr;
  server.busy = 0;
  server.queue.clear();
  for (Peer& own : peers_[process.index()]) own = Peer{};
  balancers_.forget(process);
  for (auto& [key, site] : call_sites_) site.breakers.erase(process.index());

  for (std::uint32_t i = 0; i < calls_.size(); ++i) {
    Call& call = calls_.at_index(i);
    if (!call.in_use || call.caller != process) continue;
    world_.kernel().cancel(call.timer);
    call = Call{};
    calls_.give_back(calls_.handle_at(i));
  }

  std::erase_if(long_polls_, [&](const auto& poll) {
    return exchanges_[poll.second.exchange].server == process;
  });
  for (std::uint32_t i = 0; i < exchanges_.size(); ++i) {
    Exchange& exchange = exchanges_.at_index(i);
    if (!exchange.in_use || !exchange.at_server || exchange.server != process) continue;
    world_.kernel().cancel(exchange.computing);
    exchange.at_server = false;
    if (cause == DownCause::kCrash) {
      // The operating system resets the connection; the caller hears of it one latency later, if
      // the network lets it.
      refuse(exchanges_.handle_at(i), Error::of(ErrorCode::kConnectionReset));
    } else {
      release(exchanges_.handle_at(i));  // silence: the caller's timeout will tell it
    }
  }
  if (cause == DownCause::kCrash) {
    for (auto& of_client : peers_) {
      if (process.index() < of_client.size()) of_client[process.index()].idle = 0;
    }
  }
}

FailpointContext Rpc::failpoint_context(const Exchange& exchange, bool at_client) const {
  FailpointContext context;
  context.process = at_client ? exchange.client : exchange.server;
  context.peer = at_client ? exchange.server : exchange.client;
  context.service = world_.process(context.process).service;
  context.method = methods_[exchange.method.index()].name;
  context.saga = exchange.saga;
  context.trace = exchange.trace;
  return context;
}

}  // namespace soundcheck
