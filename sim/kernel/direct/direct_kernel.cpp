#include "sim/kernel/direct/direct_kernel.hpp"

#include <vector>

#include "sim/core/assert.hpp"
#include "sim/kernel/activity_table.hpp"
#include "sim/kernel/direct/fifo_network.hpp"
#include "sim/kernel/direct/station.hpp"
#include "sim/kernel/host_use.hpp"
#include "sim/kernel/network_state.hpp"

namespace soundcheck {
namespace {

class DirectKernel final : public Kernel, public HostMeters {
 public:
  explicit DirectKernel(const Platform& platform);

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
  struct Machine {
    double speed;
    double nanoseconds_per_byte_read;
    double nanoseconds_per_byte_written;
  };

  // A host has two stations: its cores and its disk.
  static std::uint32_t cores_of(HostId host) { return host.index() * 2; }
  static std::uint32_t disk_of(HostId host) { return host.index() * 2 + 1; }
  static std::uint32_t station_of(const Activity& activity) {
    return activity.kind == ActivityKind::kComputation ? cores_of(activity.from)
                                                       : disk_of(activity.from);
  }

  ActivityId start_work(ActivityKind kind, HostId host, double work, ActivityCallback done);
  void set_alarm(std::uint32_t station);
  void run_work(std::uint32_t station, ActivityId id);
  void leave_station(std::uint32_t station, ActivityId id);
  void end(ActivityId id, Outcome outcome);
  void fail_soon(ActivityId id);
  void silence(std::uint32_t station);
  void set_arrival(ActivityId id);
  void withdraw(Activity& message);

  static void on_arrival(void* kernel, std::uint64_t id);
  static void on_end_alone(void* kernel, std::uint64_t id);
  static void on_alarm(void* kernel, std::uint64_t station);
  static void on_failure(void* kernel, std::uint64_t id);

  NetworkState state_;
  FifoNetwork network_;
  ActivityTable activities_;
  std::vector<Station> stations_;
  std::vector<Machine> machines_;
};

DirectKernel::DirectKernel(const Platform& platform)
    : HostMeters(platform), state_(platform), network_(platform, state_) {
  stations_.reserve(platform.hosts.size() * 2);
  machines_.reserve(platform.hosts.size());
  for (const HostSpec& host : platform.hosts) {
    stations_.emplace_back(host.sharing, host.cores, host.speed);
    stations_.emplace_back(host.sharing, 1, 1.0);
    machines_.push_back({.speed = host.speed,
                         .nanoseconds_per_byte_read = 1e9 / host.disk_read_bytes_per_second,
                         .nanoseconds_per_byte_written = 1e9 / host.disk_write_bytes_per_second});
  }
}

ActivityId DirectKernel::transfer(HostId from, HostId to, std::int64_t bytes,
                                  ActivityCallback done) {
  SOUNDCHECK_ASSERT(bytes >= 0, "a message of {} bytes", bytes);
  const std::uint64_t sequence = timers_.reserve();
  const ActivityId id = activities_.start(ActivityKind::kTransfer, from, to, done, sequence);
  if (state_.open(from, to)) {
    Activity& message = activities_[id];
    message.work = static_cast<double>(bytes);
    message.through = network_.send(now_, from, to, bytes);
    count_message(from, to, bytes);
    message.latency = state_.latency(from, to);
    set_arrival(id);
  } else {
    fail_soon(id);
  }
  return id;
}

ActivityId DirectKernel::execute(HostId host, Duration work, ActivityCallback done) {
  SOUNDCHECK_ASSERT(work >= Duration(), "a computation of {} ns", work.count());
  return start_work(ActivityKind::kComputation, host, static_cast<double>(work.count()), done);
}

ActivityId DirectKernel::access(HostId host, std::int64_t bytes, DiskOperation operation,
                                ActivityCallback done) {
  SOUNDCHECK_ASSERT(bytes >= 0, "an access of {} bytes", bytes);
  const Machine& machine = machines_[host.index()];
  const double nanoseconds_per_byte = operation == DiskOperation::kRead
                                          ? machine.nanoseconds_per_byte_read
                                          : machine.nanoseconds_per_byte_written;
  return start_work(ActivityKind::kDiskAccess, host,
                    static_cast<double>(bytes) * nanoseconds_per_byte, done);
}

ActivityId DirectKernel::start_work(ActivityKind kind, HostId host, double work,
                                    ActivityCallback done) {
  const ActivityId id = activities_.start(kind, host, host, done, timers_.reserve());
  if (!state_.host(host).on) {
    fail_soon(id);
    return id;
  }
  Activity& activity = activities_[id];
  activity.work = work;
  meter_of(activity).enter(now_);
  const std::uint32_t index = station_of(activity);
  Station& station = stations_[index];
  if (station.sharing == Sharing::kShared || station.gate.enter(id))
    run_work(index, id);
  else
    activity.stage = ActivityStage::kWaiting;
  return id;
}

void DirectKernel::run_work(std::uint32_t index, ActivityId id) {
  Station& station = stations_[index];
  Activity& activity = activities_[id];
  if (station.sharing == Sharing::kFifo) {
    activity.stage = ActivityStage::kAlone;
    activity.since = now_;
    activity.timer = timers_.schedule(activity.end_alone(station.speed),
                                      {&on_end_alone, this, id.packed()}, activity.sequence);
  } else {
    station.processors.add(id, activity.sequence, activity.work, now_);
    set_alarm(index);
  }
}

// Has the station wake up when its next activity ends, in that activity's place among the events of
// the instant. An alarm that is too early is left alone: it is set again when it rings, which costs
// less than moving it each time that another computation slows the others down.
void DirectKernel::set_alarm(std::uint32_t index) {
  Station& station = stations_[index];
  if (station.processors.idle()) {
    silence(index);
    return;
  }
  const Time at = station.processors.next_end();
  const std::uint64_t sequence = station.processors.next_sequence();
  if (station.alarm_at != Time::never()) {
    if (station.alarm_at < at) {
      station.alarm_may_be_early = true;
      return;
    }
    if (station.alarm_at == at && station.alarm_sequence == sequence) return;
    timers_.cancel(station.alarm);
  }
  station.alarm_at = at;
  if (at == Time::never()) return;
  station.alarm_may_be_early = false;
  station.alarm_sequence = sequence;
  station.alarm = timers_.schedule(at, {&on_alarm, this, index}, sequence);
}

void DirectKernel::silence(std::uint32_t index) {
  Station& station = stations_[index];
  if (station.alarm_at == Time::never()) return;
  timers_.cancel(station.alarm);
  station.alarm_at = Time::never();
}

// The activity has ended, or is not to.
void DirectKernel::leave_station(std::uint32_t index, ActivityId id) {
  Station& station = stations_[index];
  if (station.sharing == Sharing::kShared) {
    station.processors.remove(id, now_);
    set_alarm(index);
    return;
  }
  const ActivityId next = station.gate.leave(activities_);
  if (next.valid()) run_work(index, next);
}

void DirectKernel::set_arrival(ActivityId id) {
  Activity& message = activities_[id];
  message.timer = timers_.schedule(message.through + message.latency,
                                   {&on_arrival, this, id.packed()}, message.sequence);
}

// The message does not arrive; `work` is what was left to send of it.
void DirectKernel::withdraw(Activity& message) {
  timers_.cancel(message.timer);
  message.work = network_.withdraw(now_, message.from, message.to, message.work, message.through);
}

void DirectKernel::end(ActivityId id, Outcome outcome) {
  const ActivityCallback done = activities_.finish(id);
  done.function(done.object, done.argument, outcome);
}

void DirectKernel::fail_soon(ActivityId id) {
  activities_[id].stage = ActivityStage::kFailing;
  post({&on_failure, this, id.packed()});
}

void DirectKernel::on_arrival(void* kernel, std::uint64_t id) {
  static_cast<DirectKernel*>(kernel)->end(ActivityId::unpack(id), Outcome::kDone);
}

void DirectKernel::on_alarm(void* kernel, std::uint64_t index) {
  auto& self = *static_cast<DirectKernel*>(kernel);
  Station& station = self.stations_[index];
  station.alarm_at = Time::never();
  if (station.alarm_may_be_early && station.processors.next_end() > self.now_) {
    --self.events_;  // nothing ended: the alarm was early
    self.set_alarm(static_cast<std::uint32_t>(index));
    return;
  }
  const ActivityId id = station.processors.take(self.now_);
  self.meter_of(self.activities_[id]).leave(self.now_);
  self.set_alarm(static_cast<std::uint32_t>(index));
  self.end(id, Outcome::kDone);
}

void DirectKernel::on_end_alone(void* kernel, std::uint64_t packed) {
  auto& self = *static_cast<DirectKernel*>(kernel);
  const ActivityId id = ActivityId::unpack(packed);
  self.meter_of(self.activities_[id]).leave(self.now_);
  self.leave_station(station_of(self.activities_[id]), id);
  self.end(id, Outcome::kDone);
}

void DirectKernel::on_failure(void* kernel, std::uint64_t id) {
  auto& self = *static_cast<DirectKernel*>(kernel);
  if (self.activities_.find(ActivityId::unpack(id)) == nullptr) return;  // cancelled in between
  ++self.events_;
  self.end(ActivityId::unpack(id), Outcome::kFailed);
}

bool DirectKernel::cancel(ActivityId id) {
  Activity* const activity = activities_.find(id);
  if (activity == nullptr) return false;
  const ActivityStage stage = activity->stage;
  if (stage == ActivityStage::kRunning && activity->kind == ActivityKind::kTransfer) {
    withdraw(*activity);
  } else if (stage != ActivityStage::kFailing) {
    meter_of(*activity).leave(now_);
    if (stage != ActivityStage::kWaiting) {
      timers_.cancel(activity->timer);
      leave_station(station_of(*activity), id);
    }
  }
  activities_.finish(id);
  return true;
}

void DirectKernel::set_host_on(HostId host, bool on) {
  if (state_.host(host).on == on) return;
  state_.set_host_on(host, on);
  if (on) return;
  clear_use(host, now_);
  for (const std::uint32_t index : {cores_of(host), disk_of(host)}) {
    stations_[index].processors.clear();
    stations_[index].gate.clear();
    silence(index);
  }
  for (const ActivityId id :
       activities_.select([host](const Activity& a) { return a.touches(host); })) {
    if (activities_[id].kind == ActivityKind::kTransfer)
      withdraw(activities_[id]);
    else
      timers_.cancel(activities_[id].timer);
    fail_soon(id);
  }
}

void DirectKernel::set_host_speed(HostId host, double factor) {
  SOUNDCHECK_ASSERT(factor > 0, "speed factor {}", factor);
  Station& station = stations_[cores_of(host)];
  const double before = station.speed;
  station.speed = machines_[host.index()].speed * factor;
  if (station.sharing == Sharing::kShared) {
    station.processors.set_speed(station.speed, now_);
    set_alarm(cores_of(host));
    return;
  }
  const auto computing = [host](const Activity& a) {
    return a.kind == ActivityKind::kComputation && a.stage == ActivityStage::kAlone &&
           a.from == host;
  };
  for (const ActivityId id : activities_.select(computing)) {
    Activity& activity = activities_[id];
    timers_.cancel(activity.timer);
    activity.advance(now_, before);
    activity.timer = timers_.schedule(activity.end_alone(station.speed),
                                      {&on_end_alone, this, id.packed()}, activity.sequence);
  }
}

void DirectKernel::set_link_on(HostId host, bool on) {
  if (state_.host(host).link_on == on) return;
  state_.set_link_on(host, on);
  if (on) return;
  const auto crosses = [host](const Activity& a) {
    return a.kind == ActivityKind::kTransfer && a.from != a.to && a.touches(host);
  };
  for (const ActivityId id : activities_.select(crosses)) {
    withdraw(activities_[id]);
    fail_soon(id);
  }
}

void DirectKernel::set_link(HostId host, Duration extra_latency, double bandwidth_factor) {
  SOUNDCHECK_ASSERT(extra_latency >= Duration() && bandwidth_factor > 0,
                    "extra latency {} ns, bandwidth factor {}", extra_latency.count(),
                    bandwidth_factor);
  state_.set_extra_latency(host, extra_latency);
  const auto under_way = [host, this](const Activity& a) {
    return a.kind == ActivityKind::kTransfer && a.from != a.to && a.touches(host) &&
           a.through > now_;
  };
  const std::vector<ActivityId> messages = activities_.select(under_way);
  for (const ActivityId id : messages) withdraw(activities_[id]);
  network_.set_bandwidth_factor(host, bandwidth_factor);
  for (const ActivityId id : messages) {
    Activity& message = activities_[id];
    message.through = network_.send_rest(now_, message.from, message.to, message.work);
    set_arrival(id);
  }
}

void DirectKernel::run(Time until) {
  SOUNDCHECK_ASSERT(until >= now_, "run until {} ns, clock at {} ns", until.count(), now_.count());
  stopped_ = false;
  ready_.run_all();
  while (!stopped_) {
    Callback callback;
    if (!timers_.pop_due(until, now_, callback)) {
      if (timers_.next() != Time::never()) now_ = until;
      return;
    }
    ++events_;
    callback();
    ready_.run_all();
  }
}

}  // namespace

std::unique_ptr<Kernel> make_direct_kernel(const Platform& platform) {
  return std::make_unique<DirectKernel>(platform);
}

}  // namespace soundcheck
