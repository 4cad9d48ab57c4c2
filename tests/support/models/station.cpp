#include "tests/support/station.hpp"
#include "tests/support/one_zone.hpp"

#include <functional>
#include <utility>

namespace soundcheck::test {
namespace {

constexpr RpcName kStation{"station", "serve", ""};

class Responses final : public EventListener {
 public:
  explicit Responses(EventStream& events) { events.listen(*this, {EventKind::kRequestEnded}); }
  void on_event(const Event& event) override {
    const auto ended = event.as<RequestEnded>();
    values.push_back(ended.took.count());
    if (ended.outcome != RequestOutcome::kOk) ++refused;
  }
  std::vector<std::int64_t> values;
  std::uint64_t refused = 0;
};

void run(const StationSpec& spec, Fidelity fidelity, std::uint64_t seed,
         const std::function<void(Responses&)>& look) {
  Platform platform = one_zone({"station"}, {.cores = spec.servers, .sharing = Sharing::kFifo});
  platform.loopback.latency = spec.distance;  // clients and station are on one host
  World world(fidelity, platform, seed);
  const ServiceId clients = world.add_service("clients");
  const ServiceId station = world.add_service("station");
  const ProcessId client = world.add_process(clients, "clients-0", HostId(0));
  world.add_process(station, "station-0", HostId(0));
  SimulatedRuntime runtime(world);
  MethodBinding binding;
  binding.name = kStation;
  runtime.rpc().add_method(station, binding, {spec.service, 0_B, 0_B});
  const auto servers = static_cast<std::uint32_t>(spec.servers);
  runtime.rpc().set_server_policy(station,
                                  {.workers = spec.takes_in_all ? 1u << 30 : servers, .queue = 0});
  WorkloadSpec load;
  load.load.name = "arrivals";
  load.load.client.timeout = Duration();  // none
  load.load.arrivals = Arrivals{.rate = Rate::per_second(spec.arrivals_per_second)};
  load.max_requests = spec.requests;
  load.mix.push_back({"serve", 1, [](RandomStream&, std::uint64_t) {
                        return PreparedRequest{&kStation, Payload()};
                      }});
  for (std::uint32_t i = 0; i < world.process_count(); ++i) world.start(ProcessId(i));
  Workload workload(runtime, client, std::move(load));
  Responses responses(world.events());
  responses.values.reserve(spec.requests);
  workload.start();
  world.kernel().run(Time::at(36500_d));
  world.shut_down();
  look(responses);
}

}  // namespace

std::vector<std::int64_t> responses_of(const StationSpec& spec, Fidelity fidelity,
                                       std::uint64_t seed) {
  std::vector<std::int64_t> values;
  run(spec, fidelity, seed, [&](Responses& responses) { values = std::move(responses.values); });
  return values;
}

double refused_share_of(const StationSpec& spec, Fidelity fidelity, std::uint64_t seed) {
  double share = 0;
  run(spec, fidelity, seed, [&](const Responses& responses) {
    share = static_cast<double>(responses.refused) / static_cast<double>(spec.requests);
  });
  return share;
}

}  // namespace soundcheck::test
