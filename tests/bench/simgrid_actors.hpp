#pragma once

#include <fmt/core.h>
#include <simgrid/s4u.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/options.hpp"
#include "tests/bench/three_tier_model.hpp"

namespace soundcheck::bench {

// What the hand-written SimGrid programs share: an engine whose messages take one hop each, and
// the cheapest way to send to and receive from a mailbox that SimGrid 3.32 has.
class SimgridActors {
 public:
  // `flows` is what the product's flow kernel does: every message is a flow over a link, network
  // model CM02 without cross traffic. `constant` is SimGrid's cheapest network: the same latency
  // for every message, no links, no bandwidth. It ends a message without bytes at the next event,
  // so it is exact only where all events are whole hops apart, as at the default interval.
  enum class Network { kFlows, kConstant };

  SimgridActors(std::string_view program, Network network, int hosts) {
    // Our own arguments: the engine would interpret, and remove, those of the user.
    std::vector<std::string> words = {std::string(program), "--log=root.thres:critical",
                                      "--cfg=surf/precision:1e-9", "--cfg=cpu/optim:TI"};
    if (network == Network::kFlows) {
      // TI and Full are other algorithms for the same model; with few flows at once, the cheapest.
      words.insert(words.end(), {"--cfg=network/model:CM02", "--cfg=network/crosstraffic:0",
                                 "--cfg=network/optim:Full"});
    } else {
      words.insert(words.end(),
                   {"--cfg=network/model:Constant",
                    "--cfg=network/latency-factor:" + std::to_string(kHopNanoseconds * 1e-9)});
    }
    std::vector<char*> argv;
    argv.reserve(words.size());
    for (std::string& word : words) argv.push_back(word.data());
    int argc = static_cast<int>(argv.size());
    engine_ = new simgrid::s4u::Engine(&argc, argv.data());
    if (network == Network::kFlows) {
      connect(hosts);
    } else {
      auto* zone = simgrid::s4u::create_empty_zone("zone");
      create_hosts(zone, hosts);
      zone->seal();
    }
  }

  static Network network(const Options& options) {
    const std::string_view name = options.text("--network", "flows");
    if (name == "flows") return Network::kFlows;
    if (name == "constant") return Network::kConstant;
    Options::stop(fmt::format("'--network {}': expected flows or constant", name));
  }

  static std::string_view subject(Network network) {
    return network == Network::kFlows ? "simgrid-flows" : "simgrid-constant";
  }

  simgrid::s4u::Engine& engine() { return *engine_; }
  simgrid::s4u::Host* host(std::size_t index) { return hosts_[index % hosts_.size()]; }

  // Sends without waiting for the arrival.
  template <typename Message>
  static void send(simgrid::s4u::Mailbox* mailbox, Message* message) {
    mailbox->put_init(message, kMessageBytes)->detach();
  }

  // Waits for a message, in one system call of the simulated kernel where Mailbox::get needs two.
  template <typename Message>
  static Message* receive(simgrid::s4u::Mailbox* mailbox) {
    Message* message = nullptr;
    mailbox->get_init()->set_dst_data(reinterpret_cast<void**>(&message), sizeof(Message*))->wait();
    return message;
  }

 private:
  void create_hosts(simgrid::s4u::NetZone* zone, int count) {
    for (int i = 0; i < count; ++i) {
      hosts_.push_back(zone->create_host("host-" + std::to_string(i), 1e9));
    }
  }

  // Every pair of hosts is one hop apart over a fabric that is never the bottleneck.
  void connect(int count) {
    auto* zone = simgrid::s4u::create_full_zone("zone");
    create_hosts(zone, count);
    auto* fabric = zone->create_link("fabric", 1e12)
                       ->set_latency(kHopNanoseconds * 1e-9)
                       ->set_sharing_policy(simgrid::s4u::Link::SharingPolicy::FATPIPE)
                       ->seal();
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
      for (std::size_t j = i; j < hosts_.size(); ++j) {
        zone->add_route(hosts_[i]->get_netpoint(), hosts_[j]->get_netpoint(), nullptr, nullptr,
                        {simgrid::s4u::LinkInRoute(fabric)}, true);
      }
    }
    zone->seal();
  }

  static constexpr std::uint64_t kMessageBytes = 0;  // only the latency counts in this model

  simgrid::s4u::Engine* engine_;  // lives as long as the process: one engine each
  std::vector<simgrid::s4u::Host*> hosts_;
};

}  // namespace soundcheck::bench
