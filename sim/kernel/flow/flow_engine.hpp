#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <simgrid/s4u.hpp>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/kernel/activity_table.hpp"
#include "sim/kernel/flow/simgrid_platform.hpp"

namespace soundcheck {

// Tells SimGrid how far it may go: a model with one event, our own next one.
class EventQueue;

// SimGrid's engine, driven one step at a time and without actors: everything runs in its maestro. A
// step moves SimGrid's clock to the next thing that happens in one of its models or to the given
// bound, and collects what ended. None of our code runs inside SimGrid, so it may start and cancel
// what it likes.
//
// An activity carries its ActivityId as its data. The reference to it is held until SimGrid has
// reported its end, for a cancelled one the second time (first CANCELED, then FAILED): letting go
// earlier crashes.
class FlowEngine {
 public:
  // One in the life of a process: a second one ends the program with an assertion.
  explicit FlowEngine(const Platform& platform);
  ~FlowEngine();
  FlowEngine(const FlowEngine&) = delete;
  FlowEngine& operator=(const FlowEngine&) = delete;

  const SimgridHost& host(HostId id) const { return hosts_[id.index()]; }
  double clock() const { return simgrid::s4u::Engine::get_clock(); }  // seconds
  // The first nanosecond at or after the clock; what a double adds of its own does not cost one.
  Time time() const;

  simgrid::s4u::Activity* start_transfer(ActivityId id, HostId from, HostId to, double bytes);
  double bytes_left(const simgrid::s4u::Activity* message) const;
  void cancel(simgrid::s4u::Activity* activity);
  void set_bandwidth(HostId host, double up_bytes_per_second, double down_bytes_per_second);

  struct Ended {
    ActivityId id;
    bool done;  // else it failed or had been cancelled
    simgrid::s4u::Activity* activity;
  };
  // The result is valid until the next step. A bound of never lets SimGrid go to its own next
  // event.
  const std::vector<Ended>& step(Time bound);

 private:
  void on_completion(const simgrid::s4u::Activity& activity);

  std::unique_ptr<simgrid::s4u::Engine> engine_;
  std::shared_ptr<EventQueue> queue_;
  // SimGrid's main loop ends after the round in which this set is not empty (it means "some
  // activity could not start"); as it never is, each run() is exactly one round.
  std::set<simgrid::s4u::Activity*> vetoed_{nullptr};
  std::vector<SimgridHost> hosts_;
  bool cancelled_ = false;
  std::vector<Ended> ended_;
  std::vector<Ended> reported_;
};

}  // namespace soundcheck
