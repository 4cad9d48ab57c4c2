#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "models/workload/workload.hpp"
#include "tests/support/one_zone.hpp"

namespace soundcheck {
namespace {

constexpr RpcName kOrders{"station", "serve", ""};

// A message with a key, and what the station sees of it.
struct Order {
  std::int64_t key = 0;
  static constexpr auto fields() { return std::tuple{field("key", &Order::key)}; }
};
Payload renew(Payload request, std::uint32_t attempt) {
  Order order = request.take<Order>();
  order.key += attempt;
  return Payload::of(order);
}

// Clients and a station next door: whatever is between them takes no time. The station has one
// endpoint that costs `service`, and workers enough unless `server` says otherwise.
struct Station : EventListener {
  explicit Station(Load load, Distribution service, ServerPolicy server = {.workers = 1000})
      : world(Fidelity::kDirect, platform(), 1) {
    const ServiceId from = world.add_service("clients");
    const ServiceId to = world.add_service("station");
    const ProcessId client = world.add_process(from, "clients-0", HostId(0));
    const ProcessId other = world.add_process(from, "clients-1", HostId(0));
    world.add_process(to, "station-0", HostId(0));
    runtime = std::make_unique<SimulatedRuntime>(world);
    MethodBinding binding;
    binding.name = kOrders;
    runtime->rpc().add_method(to, binding, {std::move(service), 0_B, 0_B});
    runtime->rpc().set_server_policy(to, std::move(server));
    world.events().listen(*this, {EventKind::kRequestStarted, EventKind::kRequestEnded,
                                  EventKind::kHandlerEnded, EventKind::kRequestAbandoned});
    for (std::uint32_t i = 0; i < world.process_count(); ++i) world.start(ProcessId(i));
    WorkloadSpec spec;
    spec.load = std::move(load);
    spec.mix.push_back({.name = "serve",
                        .make =
                            [](RandomStream&, std::uint64_t n) {
                              return PreparedRequest{
                                  &kOrders, Payload::of(Order{static_cast<std::int64_t>(n) * 100})};
                            },
                        .follow_up = {},
                        .renew = &renew});
    workload = std::make_unique<Workload>(*runtime, client, spec);
    spec.load.client = ClientPolicy();
    spec.load.name = "patient";
    patient = std::make_unique<Workload>(*runtime, other, std::move(spec));
  }
  ~Station() override { world.shut_down(); }

  static Platform platform() {
    Platform platform = test::one_zone(1, {.cores = 1000});
    platform.loopback = {Duration(), 1e18};
    return platform;
  }

  void on_event(const Event& event) override {
    if (event.kind == EventKind::kRequestStarted) ++started;
    if (event.kind == EventKind::kHandlerEnded) ++served;
    if (event.kind == EventKind::kRequestAbandoned) ++abandoned;
    if (event.kind == EventKind::kRequestEnded) ended.push_back(event.as<RequestEnded>());
  }
  Station& run(Duration until) {
    workload->start();
    world.kernel().run(Time::at(until));
    return *this;
  }

  World world;
  std::unique_ptr<SimulatedRuntime> runtime;
  std::unique_ptr<Workload> workload;
  std::unique_ptr<Workload> patient;  // of the same service, not started
  int started = 0;
  int served = 0;
  int abandoned = 0;
  std::vector<RequestEnded> ended;
};

Arrivals every(Duration interval) {
  return {.kind = Arrivals::Kind::kConstant,
          .rate = Rate::per_second(1 / interval.in_seconds()),
          .interval = interval};
}
Arrivals poisson(double per_second) {
  return {.kind = Arrivals::Kind::kPoisson, .rate = Rate::per_second(per_second)};
}

// One client who gives each attempt a second and presses again two seconds later.
Load impatient(int attempts) {
  Load load;
  load.name = "impatient";
  load.arrivals = every(100_s);
  load.client.timeout = 1_s;
  load.client.retry.attempts = attempts;
  load.client.retry.backoff = "constant(2s)";
  load.client.retry.jitter = "none";
  return load;
}

// What became of the only request of a load, at a station that takes this long for it.
struct OnlyRequest {
  RequestEnded ended;
  int served = 0;
};
OnlyRequest only_request_of(const Load& load, Duration service) {
  Station station(load, Distribution::constant(service));
  station.run(150_s);
  EXPECT_EQ(station.ended.size(), 1U);
  return {station.ended.at(0), station.served};
}
Load impatient(int attempts, Duration patience) {
  Load load = impatient(attempts);
  load.client.patience = Distribution::constant(patience);
  return load;
}

TEST(Clients, GiveEachAttemptItsTimeAndWaitBetweenThem) {
  const OnlyRequest request = only_request_of(impatient(3), 30_s);
  EXPECT_EQ(request.ended.took, 1_s + 2_s + 1_s + 2_s + 1_s);
  EXPECT_EQ(request.ended.error, ErrorCode::kTimeout);
  EXPECT_EQ(request.served, 3) << "a client's timeout stops no work";
}

TEST(Clients, WaitHalfAMinuteAndDoNotRetryUnlessALoadSaysSo) {
  Station station(impatient(3), Distribution::constant(60_s));
  station.patient->start();
  station.world.kernel().run(Time::at(190_s));
  ASSERT_EQ(station.ended.size(), 1U) << "a load's policy is its own";
  EXPECT_EQ(station.ended[0].took, 30_s);
  EXPECT_EQ(station.served, 1);
}

// Half a second into the second attempt.
TEST(Clients, GiveUpWhenTheirPatienceEnds) {
  const OnlyRequest request = only_request_of(impatient(3, 3500_ms), 30_s);
  EXPECT_EQ(request.ended.took, 3500_ms);
  EXPECT_EQ(request.served, 2);
}

// The second attempt would begin at 3 s.
TEST(Clients, DoNotWaitForAnAttemptThatWouldComeTooLate) {
  const OnlyRequest request = only_request_of(impatient(3, 2500_ms), 30_s);
  EXPECT_EQ(request.ended.took, 1_s);
  EXPECT_EQ(request.served, 1);
}

TEST(Clients, ArePatientWithAnAnswerThatComesInTime) {
  const OnlyRequest request = only_request_of(impatient(1, 999_ms), 900_ms);
  EXPECT_EQ(request.ended.outcome, RequestOutcome::kOk);
}

// Closed loops: N clients send N / max(pace, response) requests a second.
TEST(Clients, KeepTheirPaceWhetherAnswersAreQuickOrNot) {
  Load load;
  load.name = "paced";
  load.clients = 4;
  load.pace = Distribution::constant(1_s);
  EXPECT_EQ(Station(load, Distribution::constant(100_ms)).run(10_s - 1_ns).started, 40);
  EXPECT_EQ(Station(load, Distribution::constant(900_ms)).run(10_s - 1_ns).started, 40);
  const int slow = Station(load, Distribution::constant(2500_ms)).run(100_s - 1_ns).started;
  EXPECT_NEAR(slow, 160, 4) << "one more or less for each client";
}

// M/M/1 with customers who leave a queue after an exponential time (M/M/1+M, Palm 1957; Garnett,
// Mandelbaum and Reiman 2002): p_n / p_(n-1) = lambda / (mu + (n - 1) theta).
double share_that_leaves(double lambda, double mu, double theta) {
  double p = 1;
  double sum = 1;
  for (int n = 1; n < 1000; ++n) sum += p *= lambda / (mu + (n - 1) * theta);
  return 1 - mu * (1 - 1 / sum) / lambda;
}

Load leaving(double arrivals, Duration patience) {
  Load load;
  load.name = "leaving";
  load.arrivals = poisson(arrivals);
  load.client.timeout = 1_h;
  load.client.patience = Distribution::exponential(patience);
  return load;
}

// Some 20,000 arrivals: the share scatters by less than 0.005, mostly by the arrivals themselves.
TEST(Clients, LeaveAQueueAsErlangAWantsIt) {
  for (const auto& [arrivals, patience] :
       {std::pair{20.0, 500_ms}, {20.0, 5_s}, {12.0, 200_ms}, {8.0, 100_ms}}) {
    Station station(leaving(arrivals, patience), Distribution::exponential(100_ms),
                    {.workers = 1, .queue = 10'000, .abandoned = Abandoned::kDrop});
    station.run(Duration::from_seconds(20'000 / arrivals));
    const double share = static_cast<double>(station.abandoned) / station.started;
    const double theory = share_that_leaves(arrivals, 10, 1 / patience.in_seconds());
    EXPECT_NEAR(share, theory, 0.015) << arrivals << "/s";
  }
}

// A server that does not look works through all of it: 10/s of 20/s, with ever longer waits.
TEST(Clients, WhoHaveLeftAreServedByAServerThatDoesNotLook) {
  Station station(leaving(20, 500_ms), Distribution::constant(100_ms),
                  {.workers = 1, .queue = 100'000});
  station.run(200_s);
  EXPECT_EQ(station.abandoned, 0);
  EXPECT_NEAR(station.served, 2000, 5);
  const auto in_time = [](const RequestEnded& one) { return one.outcome == RequestOutcome::kOk; };
  const auto ok = std::ranges::count_if(station.ended, in_time);
  EXPECT_LT(ok, 200) << "nearly all of its work is for nobody";
}

// The queue is as long as those who still wait in it.
TEST(Clients, WhoLeaveMakeRoomInTheQueue) {
  Load load;
  load.name = "crowd";
  load.arrivals = every(1_s);
  load.client.patience = Distribution::constant(2500_ms);
  Station station(load, Distribution::constant(1000_s),
                  {.workers = 1, .queue = 3, .abandoned = Abandoned::kDrop});
  station.run(100_s);
  const auto refused = [](const RequestEnded& one) {
    return one.error == ErrorCode::kConnectionRefused;
  };
  EXPECT_EQ(std::ranges::count_if(station.ended, refused), 0);
  EXPECT_GT(station.abandoned, 90);
}

}  // namespace
}  // namespace soundcheck
