#pragma once

#include <cstdint>
#include <memory>

#include "sim/core/ids.hpp"
#include "sim/core/ready_queue.hpp"
#include "sim/core/time.hpp"
#include "sim/kernel/platform.hpp"
#include "sim/kernel/timer_queue.hpp"

namespace soundcheck {

using ActivityId = Handle<struct ActivityTag>;

enum class Outcome : std::uint8_t {
  kDone,    // delivered, computed, written
  kFailed,  // the message is lost, or the host went down under the computation
};

// Called once when an activity ends, unless it was cancelled before.
struct ActivityCallback {
  void (*function)(void* object, std::uint64_t argument, Outcome outcome) = nullptr;
  void* object = nullptr;
  std::uint64_t argument = 0;
};

enum class DiskOperation : std::uint8_t { kRead, kWrite };

// The simulated machine: a clock, timers, and activities that take time on hosts, links and disks.
// Two implementations: `direct` (our own event queue, any number in one process) and `flow`
// (SimGrid, one per process). Callbacks run one at a time; after each of them the ready queue is
// run until it is empty before the clock moves. Events at the same instant run in the order in
// which they were scheduled.
class Kernel {
 public:
  Kernel() = default;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  virtual ~Kernel() = default;

  Time now() const { return now_; }

  // `at` is not in the past. The callback is called once, at exactly that instant.
  TimerId schedule(Time at, Callback callback) {
    SOUNDCHECK_ASSERT(at >= now_, "timer at {} ns, clock at {} ns", at.count(), now_.count());
    return timers_.schedule(at, callback);
  }
  TimerId schedule_in(Duration delay, Callback callback) {
    return schedule(now_ + delay, callback);
  }
  // For a timer that is most likely cancelled before it fires.
  TimerId schedule_timeout(Duration delay, Callback callback) {
    return timers_.schedule_timeout(now_ + delay, callback);
  }
  bool cancel(TimerId timer) { return timers_.cancel(timer); }

  // To run at this instant, after what was posted before.
  void post(Callback callback) { ready_.post(callback); }
  ReadyQueue& ready() { return ready_; }

  // Moves a message. The latency is that of the route when it starts. Fails (at once or when the
  // link goes down) if a link or a host of the route is off at some moment of it.
  virtual ActivityId transfer(HostId from, HostId to, std::int64_t bytes,
                              ActivityCallback done) = 0;
  // Computes `work` (time on an idle core of speed 1). Fails if the host is off or goes off.
  virtual ActivityId execute(HostId host, Duration work, ActivityCallback done) = 0;
  // Reads or writes on the host's disk. Fails like execute.
  virtual ActivityId access(HostId host, std::int64_t bytes, DiskOperation operation,
                            ActivityCallback done) = 0;
  // The callback of a cancelled activity is never called; it frees its share at once. False when it
  // had ended.
  virtual bool cancel(ActivityId activity) = 0;

  virtual void set_host_on(HostId host, bool on) = 0;
  // Factor on the host's speed, > 0; running computations go on at the new speed.
  virtual void set_host_speed(HostId host, double factor) = 0;
  // The host's own up and down link.
  virtual void set_link_on(HostId host, bool on) = 0;
  // Their latency, on top of the platform's, for messages that set out from now on: those under way
  // keep the latency with which they have set out. And a factor on their bandwidth, > 0: what is
  // left to send of messages under way goes on at the new bandwidth.
  virtual void set_link(HostId host, Duration extra_latency, double bandwidth_factor) = 0;

  // Latency of the route now, without queueing; for time-outs of a reset and the like.
  virtual Duration latency(HostId from, HostId to) const = 0;

  // Runs until nothing is left to do or the next event is later than `until`; the clock then stands
  // at `until` (or, when nothing is left, at the last event). May be called again with a later
  // time.
  virtual void run(Time until) = 0;
  // Ends run() before the next timer or activity (the ready queue is still emptied).
  void stop() { stopped_ = true; }
  std::uint64_t events() const { return events_; }  // timers and activities that ended

 protected:
  Time now_;
  TimerQueue timers_;
  ReadyQueue ready_;
  bool stopped_ = false;
  std::uint64_t events_ = 0;
};

enum class Fidelity : std::uint8_t { kFlow, kDirect };

}  // namespace soundcheck
