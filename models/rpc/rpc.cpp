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
      balancer_(world.random("rpc/balancer")),
      jitter_(world.random("rpc/retry-jitter")) {
  policy_table_.assign(world.service_count(),
                       std::vector<const CallPolicy*>(world.service_count(), &default_policy_));
  world.observe_processes(*this);
}

MethodId Rpc::add_method(ServiceId service, const MethodBinding& binding, EndpointCosts costs) {
  const MethodId id(static_cast<std::uint32_t>(methods_.size()));
  const std::string full = fmt::format("{}.{}", binding.name.service, binding.name.method);
  methods_.push_back({service, world_.names().intern(full), binding, std::move(costs),
                      world_.random("rpc/endpoint/" + full)});
  const bool fresh =
      method_ids_
          .emplace(std::pair(std::string(binding.name.service), std::string(binding.name.method)),
                   id)
          .second;
  SOUNDCHECK_ASSERT(fresh, "method {} added twice", full);
  return id;
}

void Rpc::set_call_policy(ServiceId caller, ServiceId callee, const CallPolicy& policy) {
  call_policies_[{caller.index(), callee.index()}] = policy;
  for (std::uint32_t from = 0; from < policy_table_.size(); ++from) {
    for (std::uint32_t to = 0; to < policy_table_[from].size(); ++to) {
      const auto any = std::uint32_t(ServiceId().index());
      auto found = call_policies_.find({from, to});
      if (found == call_policies_.end()) found = call_policies_.find({from, any});
      policy_table_[from][to] = found == call_policies_.end() ? &default_policy_ : &found->second;
    }
  }
}

void Rpc::set_service(ProcessId process, Service* service) {
  servers_[process.index()].service = service;
}

MethodId Rpc::find_method(std::string_view service, std::string_view method) const {
  const auto found = method_ids_.find({std::string(service), std::string(method)});
  return found == method_ids_.end() ? MethodId() : found->second;
}

const CallPolicy& Rpc::policy_for(ServiceId caller, ServiceId callee) const {
  return *policy_table_[caller.index()][callee.index()];
}

Rpc::Peer& Rpc::peer(ProcessId client, ProcessId server) {
  auto& of_client = peers_[client.index()];
  if (server.index() >= of_client.size()) of_client.resize(server.index() + 1);
  return of_client[server.index()];
}

void Rpc::call(const ContextRef& context, const RpcName& method, Payload request,
               const CallOptions& options, SlotRef reply) {
  auto known = by_address_.find(&method);
  if (known == by_address_.end()) {
    known = by_address_.emplace(&method, find_method(method.service, method.method)).first;
  }
  if (!known->second.valid()) {
    world_.completions().complete(
        reply,
        Result<Payload>(failure(ErrorCode::kNotFound,
                                fmt::format("no method {}.{}", method.service, method.method))));
    return;
  }
  call(context, known->second, std::move(request), options, reply);
}

// The process has new connections and an empty queue; what its last incarnation owned was dropped
// when it died.
void Rpc::on_process_up(ProcessId) {}

void Rpc::on_process_down(ProcessId process, DownCause cause) {
  ServerState& server = servers_[process.index()];
  server.service = nullptr;
  server.busy = 0;
  server.queue.clear();
  for (Peer& own : peers_[process.index()]) own = Peer{};

  for (std::uint32_t i = 0; i < calls_.size(); ++i) {
    Call& call = calls_.at_index(i);
    if (!call.in_use || call.caller != process) continue;
    world_.kernel().cancel(call.timer);
    call = Call{};
    calls_.give_back(calls_.handle_at(i));
  }

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

CheckpointContext Rpc::checkpoint_context(Checkpoint checkpoint, const Exchange& exchange,
                                          bool at_client) const {
  CheckpointContext context;
  context.checkpoint = checkpoint;
  context.process = at_client ? exchange.client : exchange.server;
  context.peer = at_client ? exchange.server : exchange.client;
  context.service = world_.process(context.process).service;
  context.method = methods_[exchange.method.index()].name;
  context.saga = exchange.saga;
  context.trace = exchange.trace;
  return context;
}

}  // namespace soundcheck
