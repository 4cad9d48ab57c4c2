#include "sim/kernel/station_kernel.hpp"

#include "sim/core/assert.hpp"

namespace soundcheck {

StationKernel::StationKernel(const Platform& platform) : HostMeters(platform), state_(platform) {
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

ActivityId StationKernel::execute(HostId host, Duration work, ActivityCallback done) {
  SOUNDCHECK_ASSERT(work >= Duration(), "a computation of {} ns", work.count());
  return start_work(ActivityKind::kComputation, host, static_cast<double>(work.count()), done);
}

ActivityId StationKernel::access(HostId host, std::int64_t bytes, DiskOperation operation,
                                 ActivityCallback done) {
  SOUNDCHECK_ASSERT(bytes >= 0, "an access of {} bytes", bytes);
  const Machine& machine = machines_[host.index()];
  const double nanoseconds_per_byte = operation == DiskOperation::kRead
                                          ? machine.nanoseconds_per_byte_read
                                          : machine.nanoseconds_per_byte_written;
  return start_work(ActivityKind::kDiskAccess, host,
                    static_cast<double>(bytes) * nanoseconds_per_byte, done);
}

ActivityId StationKernel::start_work(ActivityKind kind, HostId host, double work,
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
  if (station.sharing == Sharing::kShared) {
    station.processors.add(id, activity.sequence, activity.work, now_);
    set_alarm(index);
  } else if (station.gate.enter(id)) {
    run_alone(station, id, activity);
  } else {
    activity.stage = ActivityStage::kWaiting;
  }
  return id;
}

void StationKernel::run_alone(const Station& station, ActivityId id, Activity& activity) {
  activity.stage = ActivityStage::kAlone;
  activity.since = now_;
  activity.timer = timers_.schedule(activity.end_alone(station.speed),
                                    {&on_end_alone, this, id.packed()}, activity.sequence);
}

// Has the station wake up when its next activity ends, in that activity's place among the events of
// the instant. An alarm that is too early is left alone: it is set again when it rings, which costs
// less than moving it each time that another computation slows the others down.
void StationKernel::set_alarm(std::uint32_t index) {
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

void StationKernel::silence(std::uint32_t index) {
  Station& station = stations_[index];
  if (station.alarm_at == Time::never()) return;
  timers_.cancel(station.alarm);
  station.alarm_at = Time::never();
}

// The activity has ended, or is not to.
void StationKernel::leave_station(std::uint32_t index, ActivityId id) {
  Station& station = stations_[index];
  if (station.sharing == Sharing::kShared) {
    station.processors.remove(id, now_);
    set_alarm(index);
    return;
  }
  let_next_in(station);
}

void StationKernel::let_next_in(Station& station) {
  const ActivityId next = station.gate.leave(activities_);
  if (next.valid()) run_alone(station, next, activities_[next]);
}

void StationKernel::on_alarm(void* kernel, std::uint64_t index) {
  auto& self = *static_cast<StationKernel*>(kernel);
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

void StationKernel::on_end_alone(void* kernel, std::uint64_t packed) {
  auto& self = *static_cast<StationKernel*>(kernel);
  const ActivityId id = ActivityId::unpack(packed);
  const Activity& activity = self.activities_[id];
  self.meter_of(activity).leave(self.now_);
  self.let_next_in(self.stations_[station_of(activity)]);
  self.end(id, Outcome::kDone);
}

void StationKernel::on_failure(void* kernel, std::uint64_t id) {
  auto& self = *static_cast<StationKernel*>(kernel);
  if (self.activities_.find(ActivityId::unpack(id)) == nullptr) return;  // cancelled in between
  ++self.events_;
  self.end(ActivityId::unpack(id), Outcome::kFailed);
}

bool StationKernel::cancel(ActivityId id) {
  const Activity* const activity = activities_.find(id);
  if (activity == nullptr) return false;
  const ActivityStage stage = activity->stage;
  if (activity->kind == ActivityKind::kTransfer) {
    if (stage != ActivityStage::kFailing) withdraw(id);
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

void StationKernel::fail_soon(ActivityId id) {
  activities_[id].stage = ActivityStage::kFailing;
  post({&on_failure, this, id.packed()});
}

void StationKernel::fail(ActivityId id) {
  if (activities_[id].kind == ActivityKind::kTransfer) {
    withdraw(id);
  } else {
    timers_.cancel(activities_[id].timer);
  }
  fail_soon(id);
}

void StationKernel::set_host_on(HostId host, bool on) {
  if (state_.host(host).on == on) return;
  state_.set_host_on(host, on);
  if (!on) {
    clear_use(host, now_);
    for (const std::uint32_t index : {cores_of(host), disk_of(host)}) {
      stations_[index].processors.clear();
      stations_[index].gate.clear();
      silence(index);
    }
    const auto there = [host](const Activity& a) { return a.touches(host); };
    for (const ActivityId id : activities_.select(there)) fail(id);
  }
  switched_host(host, on);
}

void StationKernel::set_link_on(HostId host, bool on) {
  if (state_.host(host).link_on == on) return;
  state_.set_link_on(host, on);
  if (!on) {
    const auto crosses = [host](const Activity& a) {
      return a.kind == ActivityKind::kTransfer && a.from != a.to && a.touches(host);
    };
    for (const ActivityId id : activities_.select(crosses)) fail(id);
  }
  switched_link(host, on);
}

void StationKernel::set_host_speed(HostId host, double factor) {
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

}  // namespace soundcheck
