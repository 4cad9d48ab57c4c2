#include "sim/kernel/flow/flow_kernel.hpp"

#include <algorithm>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/kernel/activity_table.hpp"
#include "sim/kernel/flow/core_shares.hpp"
#include "sim/kernel/flow/flow_engine.hpp"
#include "sim/kernel/flow/link_shares.hpp"
#include "sim/kernel/host_use.hpp"
#include "sim/kernel/network_state.hpp"

namespace soundcheck {
namespace {

// The integer clock is master. SimGrid's clock is a double: when something ends in it, the end
// becomes an event at the next nanosecond in our own queue, in its place by order of start, and a
// timer is due as soon as its time as a double is reached. SimGrid is asked only while it has an
// activity under way; otherwise its clock is left behind and catches up when the next one starts.
//
// SimGrid decides who gets how much of what is shared. What shares nothing has a known end, and is
// a timer: a computation with a core to itself, a disk access alone on its disk, a message alone on
// all links of its route. When another one comes that needs a share of the same, both are given to
// SimGrid with what is left of them, and so is whoever comes before the last of them has ended. A
// message takes its latency first, during which it needs no bandwidth.
class FlowKernel final : public Kernel, public HostMeters {
 public:
  explicit FlowKernel(const Platform& platform);
  ~FlowKernel() override;

  ActivityId transfer(HostId from, HostId to, std::int64_t bytes, ActivityCallback done) override;
  ActivityId execute(HostId host, Duration work, ActivityCallback done) override;
  ActivityId access(HostId host, std::int64_t bytes, DiskOperation operation,
                    ActivityCallback done) override;
  bool cancel(ActivityId id) override;
  using Kernel::cancel;

  void set_host_on(HostId host, bool on) override;
  void set_host_speed(HostId host, double factor) override;
  void set_link_on(HostId host, bool on) override;
  void set_link(HostId host, Duration extra_latency, double bandwidth_factor) override;
  Duration latency(HostId from, HostId to) const override { return state_.latency(from, to); }
  void run(Time until) override;

 private:
  ActivityId start(ActivityKind kind, HostId from, HostId to, ActivityCallback done);
  ActivityId start_work(ActivityKind kind, HostId host, double work, ActivityCallback done);
  void run_work(ActivityId id);
  void run_transfer(ActivityId id);
  void run_alone(ActivityId id);
  void share(ActivityId alone);
  void hand_over(ActivityId id);
  void take_back(ActivityId id);
  void interrupt(ActivityId id);
  double units_of_work(const Activity& activity);
  CoreShares& station_of(const Activity& activity);
  double speed_alone(const Activity& activity);
  void leave_alone(ActivityId id);
  void leave_shared(const Activity& activity);
  void leave_gate(const Activity& activity);
  void fail_soon(ActivityId id) {
    activities_[id].stage = ActivityStage::kFailing;
    post({&on_failure, this, id.packed()});
  }
  void end(ActivityId id, Outcome outcome) {
    const ActivityCallback done = activities_.finish(id);
    done.function(done.object, done.argument, outcome);
  }
  void step(Time bound);
  bool due(Time at) const { return at <= horizon_ || at.in_seconds() <= engine_.clock(); }

  static void on_latency_over(void* kernel, std::uint64_t id);
  static void on_end(void* kernel, std::uint64_t id);
  static void on_failure(void* kernel, std::uint64_t id);

  FlowEngine engine_;
  NetworkState state_;
  LinkShares links_;
  ActivityTable activities_;
  std::vector<simgrid::s4u::Activity*> running_;  // SimGrid's own, by index of the activity
  std::size_t running_count_ = 0;
  int rounds_at_rest_ = 0;
  std::vector<Machine> machines_;
  Time horizon_;  // nothing happens in SimGrid up to here that is not in our queue already
};

FlowKernel::FlowKernel(const Platform& platform)
    : HostMeters(platform), engine_(platform), state_(platform), links_(platform, state_) {
  machines_.reserve(platform.hosts.size());
  for (const HostSpec& host : platform.hosts) {
    machines_.push_back({.cores = CoreShares(host.sharing, host.cores, host.speed),
                         .disk = CoreShares(host.sharing, 1, 1),
                         .spec = host});
  }
}

FlowKernel::~FlowKernel() {
  const auto in_simgrid = [](const Activity& a) { return a.stage == ActivityStage::kRunning; };
  for (const ActivityId id : activities_.select(in_simgrid)) take_back(id);
}

ActivityId FlowKernel::start(ActivityKind kind, HostId from, HostId to, ActivityCallback done) {
  const ActivityId id = activities_.start(kind, from, to, done, timers_.reserve());
  if (id.index >= running_.size()) running_.resize(id.index + 1);
  return id;
}

ActivityId FlowKernel::transfer(HostId from, HostId to, std::int64_t bytes, ActivityCallback done) {
  SOUNDCHECK_ASSERT(bytes >= 0, "a message of {} bytes", bytes);
  const ActivityId id = start(ActivityKind::kTransfer, from, to, done);
  if (!state_.open(from, to)) {
    fail_soon(id);
    return id;
  }
  Activity& activity = activities_[id];
  activity.work = static_cast<double>(bytes);
  activity.stage = ActivityStage::kEnding;
  count_message(from, to, bytes);
  if (from == to) {
    activity.timer = timers_.schedule(now_ + state_.loopback(bytes), {&on_end, this, id.packed()},
                                      activity.sequence);
  } else {
    activity.timer = timers_.schedule(now_ + state_.latency(from, to),
                                      {&on_latency_over, this, id.packed()}, activity.sequence);
  }
  return id;
}

ActivityId FlowKernel::execute(HostId host, Duration work, ActivityCallback done) {
  SOUNDCHECK_ASSERT(work >= Duration(), "a computation of {} ns", work.count());
  return start_work(ActivityKind::kComputation, host, static_cast<double>(work.count()), done);
}

ActivityId FlowKernel::access(HostId host, std::int64_t bytes, DiskOperation operation,
                              ActivityCallback done) {
  SOUNDCHECK_ASSERT(bytes >= 0, "an access of {} bytes", bytes);
  const HostSpec& spec = machines_[host.index()].spec;
  const double bytes_per_second = operation == DiskOperation::kRead
                                      ? spec.disk_read_bytes_per_second
                                      : spec.disk_write_bytes_per_second;
  return start_work(ActivityKind::kDiskAccess, host,
                    static_cast<double>(bytes) * 1e9 / bytes_per_second, done);
}

ActivityId FlowKernel::start_work(ActivityKind kind, HostId host, double work,
                                  ActivityCallback done) {
  const ActivityId id = start(kind, host, host, done);
  if (!state_.host(host).on) {
    fail_soon(id);
    return id;
  }
  Activity& activity = activities_[id];
  activity.work = work;
  meter_of(activity).enter(now_);
  if (station_of(activity).gate.enter(id))
    run_work(id);
  else
    activity.stage = ActivityStage::kWaiting;
  return id;
}

void FlowKernel::run_work(ActivityId id) {
  CoreShares& station = station_of(activities_[id]);
  if (station.has_free_core()) {
    station.alone.push_back(id);
    run_alone(id);
    return;
  }
  while (!station.alone.empty()) share(station.alone.front());
  hand_over(id);
}

void FlowKernel::on_latency_over(void* kernel, std::uint64_t packed) {
  auto& self = *static_cast<FlowKernel*>(kernel);
  const ActivityId id = ActivityId::unpack(packed);
  if (self.activities_[id].work <= 0) {
    self.end(id, Outcome::kDone);
  } else {
    --self.events_;  // nothing ended
    self.run_transfer(id);
  }
}

void FlowKernel::run_transfer(ActivityId id) {
  const Activity& message = activities_[id];
  if (links_.idle(message)) {
    links_.enter_alone(message, id);
    run_alone(id);
    return;
  }
  for (const ActivityId other : links_.alone_on_route_of(message)) share(other);
  hand_over(id);
}

void FlowKernel::run_alone(ActivityId id) {
  Activity& activity = activities_[id];
  activity.stage = ActivityStage::kAlone;
  activity.since = now_;
  activity.timer = timers_.schedule(activity.end_alone(speed_alone(activity)),
                                    {&on_end, this, id.packed()}, activity.sequence);
}

// Gives SimGrid what is left of an activity that had no need of it so far.
void FlowKernel::share(ActivityId id) {
  Activity& activity = activities_[id];
  timers_.cancel(activity.timer);
  activity.advance(now_, speed_alone(activity));
  leave_alone(id);
  hand_over(id);
}

double FlowKernel::speed_alone(const Activity& activity) {
  return activity.kind == ActivityKind::kTransfer ? links_.speed(activity)
                                                  : station_of(activity).speed;
}

void FlowKernel::leave_alone(ActivityId id) {
  const Activity& activity = activities_[id];
  if (activity.kind == ActivityKind::kTransfer)
    links_.leave_alone(activity);
  else
    std::erase(station_of(activity).alone, id);
}

void FlowKernel::leave_shared(const Activity& activity) {
  --running_count_;
  if (activity.kind == ActivityKind::kTransfer)
    links_.leave_shared(activity);
  else
    --station_of(activity).sharing;
}

// Starts the activity in SimGrid.
void FlowKernel::hand_over(ActivityId id) {
  while (running_count_ == 0 && !due(now_)) step(now_);
  Activity& activity = activities_[id];
  const double units = activity.work * units_of_work(activity);
  activity.stage = ActivityStage::kRunning;
  ++running_count_;
  if (activity.kind == ActivityKind::kTransfer) {
    links_.enter_shared(activity);
    running_[id.index] = engine_.start_transfer(id, activity.from, activity.to, units);
    return;
  }
  ++station_of(activity).sharing;
  if (activity.kind == ActivityKind::kDiskAccess) {
    running_[id.index] = engine_.start_disk_access(id, activity.from, units);
    return;
  }
  running_[id.index] = engine_.start_computation(id, activity.from, units);
}

// Its end is not reported any more.
void FlowKernel::take_back(ActivityId id) {
  const Activity& activity = activities_[id];
  if (activity.stage == ActivityStage::kRunning) {
    leave_shared(activity);
    engine_.cancel(running_[id.index]);
  } else {
    timers_.cancel(activity.timer);
    if (activity.stage == ActivityStage::kAlone) leave_alone(id);
  }
}

// Takes it back and keeps what is left of it as its work.
void FlowKernel::interrupt(ActivityId id) {
  Activity& activity = activities_[id];
  if (activity.stage == ActivityStage::kAlone)
    activity.advance(now_, speed_alone(activity));
  else
    activity.work = running_[id.index]->get_remaining() / units_of_work(activity);
  take_back(id);
}

// How much SimGrid is given for each unit of an activity's work, now.
double FlowKernel::units_of_work(const Activity& activity) {
  if (activity.kind == ActivityKind::kTransfer) return kLinkUnitsPerByte;
  if (activity.kind == ActivityKind::kDiskAccess) return kDiskUnitsPerNanosecond;
  // SimGrid takes a list of speeds or a trace of them before a run, but no factor during one: a
  // slowed host has more to compute instead.
  const Machine& machine = machines_[activity.from.index()];
  return machine.spec.speed / machine.cores.speed;
}

CoreShares& FlowKernel::station_of(const Activity& activity) {
  Machine& machine = machines_[activity.from.index()];
  return activity.kind == ActivityKind::kComputation ? machine.cores : machine.disk;
}

void FlowKernel::leave_gate(const Activity& activity) {
  if (activity.kind == ActivityKind::kTransfer) return;
  meter_of(activity).leave(now_);
  const ActivityId next = station_of(activity).gate.leave(activities_);
  if (next.valid()) run_work(next);
}

void FlowKernel::on_end(void* kernel, std::uint64_t packed) {
  auto& self = *static_cast<FlowKernel*>(kernel);
  const ActivityId id = ActivityId::unpack(packed);
  const Activity& activity = self.activities_[id];
  if (activity.stage == ActivityStage::kAlone) self.leave_alone(id);
  self.leave_gate(activity);
  self.end(id, Outcome::kDone);
}

void FlowKernel::on_failure(void* kernel, std::uint64_t id) {
  auto& self = *static_cast<FlowKernel*>(kernel);
  if (self.activities_.find(ActivityId::unpack(id)) == nullptr) return;  // cancelled in between
  ++self.events_;
  self.end(ActivityId::unpack(id), Outcome::kFailed);
}

bool FlowKernel::cancel(ActivityId id) {
  const Activity* activity = activities_.find(id);
  if (activity == nullptr) return false;
  const ActivityStage stage = activity->stage;
  take_back(id);
  if (stage == ActivityStage::kWaiting) meter_of(*activity).leave(now_);
  if (stage != ActivityStage::kWaiting && stage != ActivityStage::kFailing) leave_gate(*activity);
  activities_.finish(id);
  return true;
}

void FlowKernel::set_host_on(HostId host, bool on) {
  if (state_.host(host).on == on) return;
  state_.set_host_on(host, on);
  if (on) {
    engine_.host(host).host->turn_on();
    return;
  }
  clear_use(host, now_);
  machines_[host.index()].cores.gate.clear();
  machines_[host.index()].disk.gate.clear();
  const auto there = [host](const Activity& a) { return a.touches(host); };
  for (const ActivityId id : activities_.select(there)) {
    take_back(id);
    fail_soon(id);
  }
  engine_.host(host).host->turn_off();
}

void FlowKernel::set_host_speed(HostId host, double factor) {
  SOUNDCHECK_ASSERT(factor > 0, "speed factor {}", factor);
  CoreShares& cores = machines_[host.index()].cores;
  const auto computing = [host](const Activity& a) {
    return a.kind == ActivityKind::kComputation && a.from == host &&
           (a.stage == ActivityStage::kRunning || a.stage == ActivityStage::kAlone);
  };
  const std::vector<ActivityId> running = activities_.select(computing);
  for (const ActivityId id : running) interrupt(id);
  cores.speed = machines_[host.index()].spec.speed * factor;
  for (const ActivityId id : running) run_work(id);
}

void FlowKernel::set_link_on(HostId host, bool on) {
  if (state_.host(host).link_on == on) return;
  state_.set_link_on(host, on);
  const SimgridHost& links = engine_.host(host);
  if (on) {
    links.up->turn_on();
    links.down->turn_on();
    return;
  }
  const auto crosses = [host](const Activity& a) {
    return a.kind == ActivityKind::kTransfer && a.from != a.to && a.touches(host);
  };
  for (const ActivityId id : activities_.select(crosses)) {
    take_back(id);
    fail_soon(id);
  }
  links.up->turn_off();
  links.down->turn_off();
}

void FlowKernel::set_link(HostId host, Duration extra_latency, double bandwidth_factor) {
  SOUNDCHECK_ASSERT(extra_latency >= Duration() && bandwidth_factor > 0,
                    "extra latency {} ns, bandwidth factor {}", extra_latency.count(),
                    bandwidth_factor);
  state_.set_extra_latency(host, extra_latency);
  // SimGrid 3.32 bounds a flow by the bandwidth that its route had at its start, for ever: so those
  // that share are taken back, too, and start again with what is left of them.
  const auto under_way = [host](const Activity& a) {
    return a.kind == ActivityKind::kTransfer && a.touches(host) &&
           (a.stage == ActivityStage::kRunning || a.stage == ActivityStage::kAlone);
  };
  const std::vector<ActivityId> messages = activities_.select(under_way);
  for (const ActivityId id : messages) interrupt(id);
  const double up = machines_[host.index()].spec.up.bytes_per_second * bandwidth_factor;
  const double down = machines_[host.index()].spec.down.bytes_per_second * bandwidth_factor;
  links_.set_bandwidth(host, up, down);
  engine_.set_bandwidth(host, up, down);
  for (const ActivityId id : messages) run_transfer(id);
}

// One round of SimGrid, at most up to `bound`. What ended there becomes an event of ours.
void FlowKernel::step(Time bound) {
  const double before = engine_.clock();
  const std::vector<FlowEngine::Ended>& ended = engine_.step(bound);
  const double clock = engine_.clock();
  rounds_at_rest_ = clock > before || !ended.empty() ? 0 : rounds_at_rest_ + 1;
  SOUNDCHECK_ASSERT(rounds_at_rest_ < 1000, "SimGrid stands still at {} s with {} activities",
                    clock, running_count_);
  horizon_ = std::max(horizon_, engine_.time());
  const Time at = std::max(now_, horizon_);
  for (const FlowEngine::Ended& end : ended) {
    Activity* activity = activities_.find(end.id);
    if (activity == nullptr || activity->stage != ActivityStage::kRunning ||
        running_[end.id.index] != end.activity) {
      continue;  // taken back before
    }
    SOUNDCHECK_ASSERT(end.done, "activity {} failed in SimGrid alone", end.id.index);
    leave_shared(*activity);
    activity->stage = ActivityStage::kEnding;
    activity->timer = timers_.schedule(at, {&on_end, this, end.id.packed()}, activity->sequence);
  }
  if (bound.in_seconds() <= clock) horizon_ = std::max(horizon_, bound);
}

void FlowKernel::run(Time until) {
  SOUNDCHECK_ASSERT(until >= now_, "run until {} ns, clock at {} ns", until.count(), now_.count());
  stopped_ = false;
  ready_.run_all();
  while (!stopped_) {
    const Time next = timers_.next();
    if (next <= until && next != Time::never() && (running_count_ == 0 || due(next))) {
      now_ = next;
      ++events_;
      timers_.pop()();
      ready_.run_all();
    } else if (running_count_ == 0) {
      if (next != Time::never()) now_ = until;
      return;
    } else if (until != Time::never() && due(until)) {
      now_ = until;
      return;
    } else {
      step(std::min(next, until));
    }
  }
}

}  // namespace

std::unique_ptr<Kernel> make_flow_kernel(const Platform& platform) {
  return std::make_unique<FlowKernel>(platform);
}

}  // namespace soundcheck
