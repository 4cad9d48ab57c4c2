#include "tests/support/three_tier.hpp"
#include "tests/support/one_zone.hpp"

#include <fmt/format.h>

namespace soundcheck::test {
namespace {

struct Tier {
  const char* name;
  int replicas;
  Duration service;
  const char* below;
};
constexpr Tier kTiers[] = {{"gateway", 2, 4_ms, "s1"}, {"s1", 4, 40_ms, "s2"}, {"s2", 2, 8_ms, ""}};
constexpr RpcName kGateway{"gateway", "work", ""};

Platform platform() {
  const LinkSpec half_hop{50_us, 1.25e13};  // bytes take next to no time
  std::vector<std::string> names{"clients"};
  for (const Tier& tier : kTiers) {
    for (int i = 0; i < tier.replicas; ++i) names.push_back(fmt::format("{}-{}", tier.name, i));
  }
  return one_zone(std::move(names),
                  {.cores = 4, .sharing = Sharing::kFifo, .up = half_hop, .down = half_hop});
}

}  // namespace

ThreeTier::ThreeTier(Fidelity fidelity, std::uint64_t seed, Duration interval,
                     std::uint64_t requests)
    : world_(std::make_unique<World>(fidelity, platform(), seed)) {
  const ServiceId clients = world_->add_service("clients");
  const ProcessId client = world_->add_process(clients, "clients-0", HostId(0));
  std::uint32_t next_host = 1;
  for (const Tier& tier : kTiers) {
    const ServiceId service = world_->add_service(tier.name);
    for (int i = 0; i < tier.replicas; ++i) {
      world_->add_process(service, fmt::format("{}-{}", tier.name, i), HostId(next_host++));
    }
  }
  runtime_ = std::make_unique<SimulatedRuntime>(*world_);
  host_ = std::make_unique<ServiceHost>(*runtime_);
  Rpc& rpc = runtime_->rpc();
  for (const Tier& tier : kTiers) {
    std::vector<DeclaredStep> steps;
    if (*tier.below != 0) {
      DeclaredStep call;
      call.kind = DeclaredStep::Kind::kCall;
      call.call = fmt::format("{}.work", tier.below);
      steps.push_back(call);
    }
    endpoints_.push_back(std::make_unique<DeclaredEndpoint>(tier.name, "work", std::move(steps)));
    const ServiceId service = world_->service_named(tier.name);
    // Above capacity the backlog may be as long as the run: neither workers nor the accept queue
    // bound it.
    rpc.set_server_policy(service, ServerPolicy{.workers = 1u << 30, .queue = 1});
    rpc.add_method(service, endpoints_.back()->binding(),
                   EndpointCosts{Distribution::constant(tier.service), 500_B, 500_B});
    host_->serve(service, [](ProcessId) { return std::make_unique<StatelessService>(); });
  }
  CallPolicy policy;
  policy.balancer = "random";
  policy.timeout = 1_h;
  for (std::uint32_t i = 0; i < world_->service_count(); ++i)
    rpc.set_call_policy(ServiceId(i), ServiceId(), policy);

  WorkloadSpec spec;
  spec.load.name = "steady";
  static_cast<CallPolicy&>(spec.load.client) = policy;
  spec.load.arrivals = Arrivals{.kind = Arrivals::Kind::kConstant, .interval = interval};
  spec.max_requests = requests;
  spec.mix.push_back({"work", 1, [](RandomStream&, std::uint64_t) {
                        return PreparedRequest{&kGateway, Payload()};
                      }});
  for (std::uint32_t i = 0; i < world_->process_count(); ++i) world_->start(ProcessId(i));
  workload_ = std::make_unique<Workload>(*runtime_, client, std::move(spec));
}

void ThreeTier::run() {
  workload_->start();
  world_->kernel().run(Time::at(36500_d));
}

}  // namespace soundcheck::test
