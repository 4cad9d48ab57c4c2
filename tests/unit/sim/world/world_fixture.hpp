#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/env/env.hpp"
#include "sim/world/world.hpp"
#include "tests/support/one_zone.hpp"

namespace soundcheck::test {

// Two services of two replicas each, on three hosts: shop-0 and stock-0 share host 0, shop-1 is on
// host 1, stock-1 on host 2. A message of no bytes takes 1 ms between hosts, and 10 us on one.
class WorldTest : public testing::Test, public EventListener, public ProcessObserver {
 protected:
  WorldTest() {
    world.events().listen(*this);
    world.observe_processes(*this);
    shop = world.add_service("shop");
    stock = world.add_service("stock");
    shop_0 = world.add_process(shop, "shop-0", HostId(0));
    shop_1 = world.add_process(shop, "shop-1", HostId(1));
    stock_0 = world.add_process(stock, "stock-0", HostId(0));
    stock_1 = world.add_process(stock, "stock-1", HostId(2));
    for (const ProcessId id : {shop_0, shop_1, stock_0, stock_1}) world.start(id);
  }

  static Platform platform() {
    Platform platform = test::one_zone(3, {.up = {500_us, 1e9}, .down = {500_us, 1e9}});
    platform.loopback.latency = 10_us;
    return platform;
  }

  void run_until(Duration time) { world.kernel().run(Time::at(time)); }

  // Runs `action` at a moment of the run.
  void at(Duration time, std::function<void()> action) {
    actions_.push_back(std::make_unique<std::function<void()>>(std::move(action)));
    world.kernel().schedule(Time::at(time), {[](void* function, std::uint64_t) {
                                               (*static_cast<std::function<void()>*>(function))();
                                             },
                                             actions_.back().get(), 0});
  }

  struct Message {
    bool ended = false;
    Outcome outcome{};
    Time at;
  };
  // Sends a message of no bytes; what became of it.
  Message& send(ProcessId from, ProcessId to) {
    messages_.push_back({this, std::make_unique<Message>()});
    world.network().send(from, to, 0,
                         {[](void* object, std::uint64_t index, Outcome outcome) {
                            auto& self = *static_cast<WorldTest*>(object);
                            *self.messages_[index].second = {true, outcome, self.world.now()};
                          },
                          this, messages_.size() - 1});
    return *messages_.back().second;
  }

  void on_event(const Event& event) override {
    if (event.kind == EventKind::kProcessStarted)
      told.push_back(name(event.as<ProcessStarted>().process) + " up");
    if (event.kind == EventKind::kProcessStopped)
      told.push_back(name(event.as<ProcessStopped>().process) + " down");
  }
  void on_process_up(ProcessId id) override { observed.push_back(name(id) + " up"); }
  void on_process_down(ProcessId id, DownCause cause) override {
    observed.push_back(name(id) + (cause == DownCause::kCrash ? " crashed" : " without power"));
  }
  std::string name(ProcessId id) { return std::string(world.names().text(world.process(id).name)); }

  World world{Fidelity::kDirect, platform(), 7};
  ServiceId shop, stock;
  ProcessId shop_0, shop_1, stock_0, stock_1;
  std::vector<std::string> told;      // events
  std::vector<std::string> observed;  // as ProcessObserver

 private:
  std::vector<std::unique_ptr<std::function<void()>>> actions_;
  std::vector<std::pair<WorldTest*, std::unique_ptr<Message>>> messages_;
};

}  // namespace soundcheck::test
