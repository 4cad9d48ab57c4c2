#include "models/rpc/rpc.hpp"

#include <fmt/format.h>

namespace soundcheck {

Rpc::Rpc(World& world, Runtime& runtime)
    : world_(world),
      methods_(world),
      server_policies_(world.service_count()),
      sites_(world, methods_),
      attempts_(world, methods_, *this),
      calls_(attempts_, sites_, server_policies_),
      polls_(attempts_, calls_),
      around_{runtime, attempts_, calls_, polls_},
      endpoints_(world.process_count()) {
  world.observe_processes(*this);
}

void Rpc::call(const ContextRef& context, const RpcName& method, Payload request,
               const CallOptions& options, ReplyTo reply) {
  const MethodId id = methods_.find(method);
  if (!id.valid()) {
    calls_.answer(reply, std::unexpected(Error::answered(
                             404, fmt::format("no method {}.{}", method.service, method.method))));
    return;
  }
  call(context, id, std::move(request), options, reply);
}

const Breaker* Rpc::breaker(ProcessId caller, MethodId method) {
  const CallSite& site = sites_.of(caller, method);
  const auto found = site.breakers.find(caller.index());
  return found == site.breakers.end() ? nullptr : found->second.get();
}

std::size_t Rpc::waiting(ProcessId process) const {
  const Endpoint* const endpoint = endpoints_[process.index()].get();
  return endpoint == nullptr ? 0 : endpoint->waiting();
}

std::uint32_t Rpc::busy(ProcessId process) const {
  const Endpoint* const endpoint = endpoints_[process.index()].get();
  return endpoint == nullptr ? 0 : endpoint->busy();
}

void Rpc::on_process_up(ProcessId process) {
  const ServiceId service = world_.process(process).service;
  endpoints_[process.index()] =
      std::make_unique<Endpoint>(around_, process, server_policies_[service.index()]);
  calls_.on_process_up(process);
}

// What a process has as a callee and as a caller goes with it; its connections have gone before.
void Rpc::on_process_down(ProcessId process, DownCause) {
  endpoints_[process.index()].reset();
  calls_.on_process_down(process);
}

void Rpc::on_connected(std::uint64_t owner, ConnectionId) {
  calls_.connected(CallId::unpack(owner));
}

void Rpc::on_broken(std::uint64_t owner, Broken how) {
  calls_.broken(CallId::unpack(owner), how);
}

void Rpc::on_message(std::uint64_t message, End at) {
  const auto id = AttemptId::unpack(message);
  Attempt& attempt = attempts_[id];
  if (at == End::kClient) {
    calls_.reply_arrived(id, attempt);
  } else {
    endpoints_[attempt.server.index()]->accept(id, attempt);
  }
}

void Rpc::on_closed(std::uint64_t message) {
  const auto id = AttemptId::unpack(message);
  Attempt* const attempt = attempts_.find(id);
  if (attempt != nullptr && attempt->waits) attempt->endpoint->withdraw(id, *attempt);
}

void Rpc::on_message_lost(std::uint64_t message) {
  const auto id = AttemptId::unpack(message);
  Attempt& attempt = attempts_[id];
  world_.kernel().cancel(attempt.computing);
  if (attempt.handler != nullptr) polls_.forget(attempt);
  attempts_.release(id);
}

}  // namespace soundcheck
