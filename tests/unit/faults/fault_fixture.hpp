#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "faults/fault_problems.hpp"
#include "faults/injector.hpp"
#include "sim/core/parameters.hpp"
#include "sim/world/condition.hpp"

namespace soundcheck {

// A fault as a scenario would write it: `parameters` are those of the kind, by name.
inline FaultSpec fault_of(std::string kind,
                          std::vector<std::pair<std::string, std::string>> parameters = {}) {
  const FaultDefinition* const definition = find_fault_kind(kind);
  FaultSpec spec;
  spec.kind = std::move(kind);
  spec.settings = Settings(*definition->parameters);
  ParameterNode node = ParameterNode::map();
  for (auto& [name, value] : parameters) node.set(name, ParameterNode::plain(value));
  Mistakes mistakes;
  ParameterReader reader(mistakes);
  definition->parameters->read(node, spec.settings.object(), reader);
  SOUNDCHECK_ASSERT(mistakes.empty(), "{}", mistakes.front().sentence);
  return spec;
}

inline FaultSpec crash_of(std::string service, ReplicaRole role, Duration restart = 5_s) {
  FaultSpec spec = fault_of("process.crash", {{"restart", to_text(restart)}});
  spec.target.service = std::move(service);
  spec.target.replica = role;
  return spec;
}

inline constexpr ReplicaRole replica(std::uint32_t index) {
  return {ReplicaRole::Kind::kIndex, index};
}

// Two regions, three zones of two hosts each, and on every host one replica of `payments` (6); on
// the first host of each zone one of `auth` (3); payments' database on the last host, the clients
// on the first. Nothing in these processes runs by itself.
class QuietWorld {
 public:
  explicit QuietWorld(std::uint64_t seed = 1) : world(Fidelity::kDirect, platform(), seed) {
    const ServiceId payments_id = world.add_service("payments");
    const ServiceId auth_id = world.add_service("auth");
    const ServiceId database_id = world.add_service("payments.database");
    const ServiceId clients_id = world.add_service("clients");
    for (std::uint32_t i = 0; i < 6; ++i) {
      payments.push_back(
          world.add_process(payments_id, "payments-" + std::to_string(i), HostId(i)));
    }
    for (std::uint32_t i = 0; i < 3; ++i) {
      auth.push_back(world.add_process(auth_id, "auth-" + std::to_string(i), HostId(2 * i)));
    }
    database = world.add_process(database_id, "payments.database-0", HostId(5));
    clients = world.add_process(clients_id, "clients-0", HostId(0));
    for (std::uint32_t i = 0; i < world.process_count(); ++i) world.start(ProcessId(i));
    before_faults_ = condition_of(world);
  }

  void run_until(Duration at) {
    world.kernel().schedule(Time::at(at), {[](void*, std::uint64_t) {}, nullptr, 0});
    world.kernel().run(Time::at(at));
  }
  bool running(ProcessId process) const { return world.running(process); }
  int running_payments() const {
    int count = 0;
    for (const ProcessId process : payments) count += world.running(process) ? 1 : 0;
    return count;
  }
  // Everything is as it was before the first fault.
  bool is_whole() {
    if (!differences(world, before_faults_).empty()) return false;
    for (std::uint32_t i = 0; i < world.process_count(); ++i) {
      for (std::uint32_t j = 0; j < world.process_count(); ++j) {
        if (world.network().cut(ProcessId(i), ProcessId(j))) return false;
        if (takes(ProcessId(i), ProcessId(j)) > 1_ms) return false;
      }
    }
    return true;
  }
  // How long a small message takes, or Duration::max() if it is lost within 10 s.
  Duration takes(ProcessId from, ProcessId to) {
    struct Arrival {
      World* world;
      Duration at = Duration::max();
    } arrival{&world};
    const Time sent = world.now();
    world.network().send(from, to, 1,
                         {[](void* object, std::uint64_t, Outcome outcome) {
                            auto& found = *static_cast<Arrival*>(object);
                            if (outcome == Outcome::kDone) {
                              found.at = found.world->now().since_start();
                              found.world->kernel().stop();
                            }
                          },
                          &arrival, 0});
    world.kernel().run(sent + 10_s);
    return arrival.at == Duration::max() ? arrival.at : Time::at(arrival.at) - sent;
  }

  World world;
  std::vector<ProcessId> payments;
  std::vector<ProcessId> auth;
  ProcessId database;
  ProcessId clients;

 private:
  WorldCondition before_faults_;

  static Platform platform() {
    Platform platform;
    const LinkSpec instant{0_ns, 1e18};
    platform.regions = {{"eu", instant}, {"us", instant}};
    platform.zones = {{"eu-a", RegionId(0), instant},
                      {"eu-b", RegionId(0), instant},
                      {"us-a", RegionId(1), instant}};
    for (std::uint32_t i = 0; i < 6; ++i) {
      HostSpec host;
      host.name = "host-" + std::to_string(i);
      host.zone = ZoneId(i / 2);
      host.up = host.down = {50_us, 1e18};
      platform.hosts.push_back(host);
    }
    return platform;
  }
};

}  // namespace soundcheck
