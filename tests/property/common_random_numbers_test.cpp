// Topologies are compared on common random numbers: whatever is added to a system (a fault, a
// service, an endpoint, a replica, a step), everything else draws what it drew before.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/declared/declared_endpoint.hpp"
#include "models/runtime/service_host.hpp"
#include "models/workload/workload.hpp"
#include "sim/events/event.hpp"
#include "tests/support/one_zone.hpp"

namespace soundcheck::test {
namespace {

struct Additions {
  bool fault = false;     // messages from front to back take longer, from 5 s on
  bool service = false;   // another one that calls back.get
  bool endpoint = false;  // another one of back, with requests of its own
  bool replica = false;   // another one of back
  bool step = false;      // of another kind, in back.get
};

DeclaredStep compute(Duration mean) {
  DeclaredStep step;
  step.time = Distribution::exponential(mean);
  return step;
}

DeclaredStep call(const std::string& service, const std::string& method) {
  DeclaredStep step;
  step.kind = DeclaredStep::Kind::kCall;
  step.call = service + '.' + method;
  return step;
}

DeclaredStep never_fails() {
  DeclaredStep step;
  step.kind = DeclaredStep::Kind::kFail;
  step.probability = Probability::of(1e-12);
  return step;
}

// What was drawn, by what it was drawn for, in the order of the draws. Nothing waits for anything
// in this system, so that how long a handler ran is what it has drawn.
using Draws = std::map<std::string, std::vector<std::int64_t>>;

class System final : public EventListener {
 public:
  explicit System(Additions what) : what_(what), world_(Fidelity::kDirect, platform(), 7) {
    add_processes("clients", 1);
    add_processes("front", 1);
    add_processes("back", what.replica ? 3 : 2);
    if (what.service) add_processes("other", 1);
    runtime_ = std::make_unique<SimulatedRuntime>(world_);
    host_ = std::make_unique<ServiceHost>(*runtime_);
    add_endpoint("front", "page", {}, {call("back", "get")});
    std::vector<DeclaredStep> steps;
    const EndpointCosts costs{
        .cpu = Distribution::exponential(5_ms), .request = Bytes(), .reply = Bytes()};
    if (what.step) steps.push_back(never_fails());
    steps.push_back(compute(20_ms));
    add_endpoint("back", "get", {}, std::move(steps));
    add_endpoint("back", "list", costs, {});
    if (what.endpoint) add_endpoint("back", "put", costs, {compute(9_ms)});
    if (what.service) add_endpoint("other", "page", {}, {compute(3_ms), call("back", "get")});
    for (std::uint32_t i = 0; i < world_.process_count(); ++i) world_.start(ProcessId(i));
    world_.events().listen(*this, {EventKind::kHandlerEnded, EventKind::kRequestStarted});
  }

  Draws draws() {
    add_load("front", "page");
    add_load("back", "list");
    if (what_.endpoint) add_load("back", "put");
    if (what_.service) add_load("other", "page");
    for (auto& load : loads_) load->start();
    world_.kernel().run(Time::at(5_s));
    if (what_.fault) {
      NetworkRule slow{.from = members("front"), .to = members("back")};
      slow.extra_delay = [] { return 50_ms; };
      world_.network().add_rule(std::move(slow));
    }
    world_.kernel().run(Time::at(20_s));
    world_.shut_down();
    Draws result;
    for (auto& [what, begun] : seen_) {
      std::ranges::sort(begun);
      for (const auto& [at, value] : begun) result[what].push_back(value);
    }
    return result;
  }

  void on_event(const Event& event) override {
    const std::int64_t at = event.at.count();
    if (event.kind == EventKind::kRequestStarted) {
      const NameId type = event.as<RequestStarted>().type;
      seen_[fmt::format("arrivals of {}", world_.names().text(type))].emplace_back(at, at);
      return;
    }
    const auto handler = event.as<HandlerEnded>();
    const std::string_view method = world_.names().text(handler.method);
    if (method.ends_with("page")) return;  // those have waited for an answer
    const Process& process = world_.process(handler.callee);
    const std::int64_t worked = handler.worked.count();
    seen_[fmt::format("{} in {}", method, world_.names().text(process.name))].emplace_back(
        at - worked, worked);
  }

 private:
  static Platform platform() {
    HostSpec host = test::linked_by(500_us);
    host.cores = 1000;
    return test::one_zone(8, host);
  }
  void add_processes(const std::string& service, int replicas) {
    const ServiceId id = world_.add_service(service);
    for (int i = 0; i < replicas; ++i) {
      const auto host = HostId(static_cast<std::uint32_t>(world_.process_count()));
      world_.add_process(id, fmt::format("{}-{}", service, i), host);
    }
  }
  void add_endpoint(const std::string& service, const std::string& method, EndpointCosts costs,
                    std::vector<DeclaredStep> steps) {
    const ServiceId id = world_.service_named(service);
    endpoints_.push_back(std::make_unique<DeclaredEndpoint>(service, method, std::move(steps)));
    runtime_->rpc().add_method(id, endpoints_.back()->binding(), std::move(costs));
    runtime_->rpc().set_server_policy(id, {.workers = 10'000, .queue = 1});
    if (std::ranges::find(served_, service) == served_.end()) {
      served_.push_back(service);
      host_->serve(id, [](ProcessId) { return std::make_unique<StatelessService>(); });
    }
  }
  void add_load(const std::string& service, const std::string& method) {
    names_.push_back(std::make_unique<std::pair<std::string, std::string>>(service, method));
    entries_.push_back(
        std::make_unique<RpcName>(RpcName{names_.back()->first, names_.back()->second, ""}));
    WorkloadSpec load;
    load.load.name = service + '.' + method;
    load.load.arrivals = Arrivals{.rate = Rate::per_second(50)};
    const RpcName* const entry = entries_.back().get();
    load.mix.push_back({load.load.name, 1, [entry](RandomStream&, std::uint64_t) {
                          return PreparedRequest{entry, Payload()};
                        }});
    loads_.push_back(std::make_unique<Workload>(*runtime_, ProcessId(0), std::move(load)));
  }
  std::vector<bool> members(std::string_view service) const {
    std::vector<bool> result(world_.process_count());
    for (const ProcessId id : world_.replicas(world_.service_named(service)))
      result[id.index()] = true;
    return result;
  }

  Additions what_;
  World world_;
  std::vector<std::unique_ptr<DeclaredEndpoint>> endpoints_;
  std::unique_ptr<SimulatedRuntime> runtime_;
  std::unique_ptr<ServiceHost> host_;
  std::vector<std::string> served_;
  std::vector<std::unique_ptr<std::pair<std::string, std::string>>> names_;
  std::vector<std::unique_ptr<RpcName>> entries_;
  std::vector<std::unique_ptr<Workload>> loads_;
  std::map<std::string, std::vector<std::pair<std::int64_t, std::int64_t>>> seen_;
};

// A replica that is added takes requests over: the others draw the same for those that are left.
void expect_same(const Draws& before, const Draws& after) {
  for (const auto& [what, values] : before) {
    SCOPED_TRACE(what);
    ASSERT_TRUE(after.contains(what));
    const std::vector<std::int64_t>& others = after.at(what);
    const std::size_t common = std::min(values.size(), others.size());
    EXPECT_GT(common, 200U);
    EXPECT_TRUE(std::equal(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(common),
                           others.begin()));
  }
}

TEST(CommonRandomNumbers, NothingElseIsDrawnDifferentlyWhenSomethingIsAdded) {
  const Draws before = System({}).draws();
  ASSERT_EQ(before.size(), 2U + 4U);
  const std::pair<const char*, Additions> additions[] = {{"fault", {.fault = true}},
                                                         {"service", {.service = true}},
                                                         {"endpoint", {.endpoint = true}},
                                                         {"replica", {.replica = true}},
                                                         {"step", {.step = true}}};
  for (const auto& [what, added] : additions) {
    SCOPED_TRACE(what);
    expect_same(before, System(added).draws());
  }
}

}  // namespace
}  // namespace soundcheck::test
