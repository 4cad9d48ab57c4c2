// The 3-tier model as one would write it by hand on SimGrid: a fixed pool of actors that talk
// through mailboxes, so that no actor is created for a request. Six messages and three waits each.
#include <array>
#include <deque>
#include <vector>

#include "tests/bench/options.hpp"
#include "tests/bench/result_line.hpp"
#include "tests/bench/simgrid_actors.hpp"

namespace {

using namespace soundcheck::bench;
namespace s4u = simgrid::s4u;

struct Request {
  std::int64_t number;
  double start;
  std::array<s4u::Mailbox*, kTiers.size()> reply_to;  // whom each tier answers
};

struct Replica {
  s4u::Mailbox* requests;
  s4u::Mailbox* replies;
};

constexpr int kHosts = 9;  // one for each replica and one for the clients

class ThreeTier {
 public:
  ThreeTier(SimgridActors& simgrid, std::int64_t requests, std::int64_t interval)
      : requests_(requests), interval_(static_cast<double>(interval) * 1e-9) {
    for (std::size_t tier = 0; tier < kTiers.size(); ++tier) {
      for (int index = 0; index < kTiers[tier].replicas; ++index) {
        const std::string name = std::to_string(tier) + "-" + std::to_string(index);
        replicas_[tier].push_back(
            {s4u::Mailbox::by_name("requests-" + name), s4u::Mailbox::by_name("replies-" + name)});
      }
    }
    std::size_t host = 0;
    for (std::size_t tier = 0; tier < kTiers.size(); ++tier) {
      for (const Replica& replica : replicas_[tier]) start(tier, replica, simgrid.host(host++));
    }
    s4u::Actor::create("clients", simgrid.host(host), [this] { generate(); });
    auto collector = s4u::Actor::create("collector", simgrid.host(host), [this] { collect(); });
    clients_->set_receiver(collector);
  }

  double mean_response_ms() const { return total_response_ / static_cast<double>(requests_) * 1e3; }

 private:
  // A mailbox with a permanent receiver lets a message travel while all receivers are busy; without
  // one its latency would begin only when a thread has become free.
  void start(std::size_t tier, const Replica& replica, s4u::Host* host) {
    for (int thread = 0; thread < kThreads; ++thread) {
      auto worker = s4u::Actor::create("worker", host, [=, this] { work(tier, replica); });
      worker->daemonize();
      if (thread == 0) replica.requests->set_receiver(worker);
    }
    if (tier + 1 == kTiers.size()) return;
    auto forwarder = s4u::Actor::create("forwarder", host, [=] { forward(tier, replica); });
    forwarder->daemonize();
    replica.replies->set_receiver(forwarder);
  }

  void work(std::size_t tier, Replica replica) {
    const double service = static_cast<double>(kTiers[tier].service_nanoseconds) * 1e-9;
    for (;;) {
      auto* request = SimgridActors::receive<Request>(replica.requests);
      s4u::this_actor::sleep_for(service);
      if (tier + 1 == kTiers.size()) {
        SimgridActors::send(request->reply_to[tier], request);
      } else {
        request->reply_to[tier + 1] = replica.replies;
        send_to_tier(tier + 1, request);
      }
    }
  }

  static void forward(std::size_t tier, Replica replica) {
    for (;;) {
      auto* request = SimgridActors::receive<Request>(replica.replies);
      SimgridActors::send(request->reply_to[tier], request);
    }
  }

  void generate() {
    for (std::int64_t number = 0; number < requests_; ++number) {
      s4u::this_actor::sleep_for(interval_);
      Request* request = acquire();
      *request = {number, s4u::Engine::get_clock(), {clients_, nullptr, nullptr}};
      send_to_tier(0, request);
    }
  }

  void collect() {
    for (std::int64_t answered = 0; answered < requests_; ++answered) {
      auto* request = SimgridActors::receive<Request>(clients_);
      total_response_ += s4u::Engine::get_clock() - request->start;
      free_.push_back(request);
    }
  }

  void send_to_tier(std::size_t tier, Request* request) {
    const int index = replica_for(request->number, static_cast<int>(tier));
    SimgridActors::send(replicas_[tier][static_cast<std::size_t>(index)].requests, request);
  }

  Request* acquire() {
    if (free_.empty()) return &storage_.emplace_back();
    Request* request = free_.back();
    free_.pop_back();
    return request;
  }

  std::array<std::vector<Replica>, kTiers.size()> replicas_;
  s4u::Mailbox* clients_ = s4u::Mailbox::by_name("clients");
  std::deque<Request> storage_;
  std::vector<Request*> free_;
  std::int64_t requests_;
  double interval_;
  double total_response_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const Options options(argc, argv, {"--requests", "--interval", "--network"});
  const std::int64_t requests = options.count("--requests", kDefaultRequests);
  const SimgridActors::Network network = SimgridActors::network(options);

  SimgridActors simgrid(argv[0], network, kHosts);
  ThreeTier model(simgrid, requests,
                  options.nanoseconds("--interval", kDefaultIntervalNanoseconds));
  const Stopwatch stopwatch;
  simgrid.engine().run();
  print({.benchmark = "three-tier",
         .subject = SimgridActors::subject(network),
         .unit = "request",
         .count = requests,
         .wall_seconds = stopwatch.seconds(),
         .mean_response_ms = model.mean_response_ms()});
}
