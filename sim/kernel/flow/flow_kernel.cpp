#include "sim/kernel/flow/flow_kernel.hpp"

#include <algorithm>
#include <vector>

#include "sim/core/assert.hpp"
#include "sim/kernel/flow/flow_engine.hpp"
#include "sim/kernel/flow/link_shares.hpp"
#include "sim/kernel/station_kernel.hpp"

namespace soundcheck {
namespace {

// The integer clock is master. SimGrid's clock is a double: when something ends in it, the end
// becomes an event at the next nanosecond in our own queue, in its place by order of start, and a
// timer is due as soon as its time as a double is reached. SimGrid is asked only while it has a
// message under way; otherwise its clock is left behind and catches up when the next one starts.
//
// SimGrid decides who gets how much of what is shared along a route: links. A message alone on all
// links of its route shares nothing and has a known end: it is a timer. When another one comes that
// needs a share of the same, both are given to SimGrid with what is left of them, and so is whoever
// comes before the last of them has ended. A message takes its latency first, during which it needs
// no bandwidth.
class FlowKernel final : public StationKernel {
 public:
  explicit FlowKernel(const Platform& platform);
  ~FlowKernel() override;

  ActivityId transfer(HostId from, HostId to, std::int64_t bytes, ActivityCallback done) override;
  void set_link(HostId host, Duration extra_latency, double bandwidth_factor) override;
  void run(Time until) override;
  std::uint64_t rounds() const { return rounds_; }

 private:
  void withdraw(ActivityId message) override;
  void switched_host(HostId host, bool on) override;
  void switched_link(HostId host, bool on) override;
  void run_transfer(ActivityId id);
  void run_alone(ActivityId id);
  void share(ActivityId alone);
  void hand_over(ActivityId id);
  void step(Time bound);
  bool due(Time at) const { return at <= horizon_ || at.in_seconds() <= engine_.clock(); }

  static void on_latency_over(void* kernel, std::uint64_t id);
  static void on_end(void* kernel, std::uint64_t id);

  FlowEngine engine_;
  LinkShares links_;
  std::vector<LinkSpec> up_, down_;               // by host, as the platform says
  std::vector<simgrid::s4u::Activity*> running_;  // SimGrid's own, by index of the activity
  std::size_t running_count_ = 0;
  std::uint64_t rounds_ = 0;
  int rounds_at_rest_ = 0;
  Time horizon_;  // nothing happens in SimGrid up to here that is not in our queue already
};

FlowKernel::FlowKernel(const Platform& platform)
    : StationKernel(platform), engine_(platform), links_(platform, state_) {
  for (const HostSpec& host : platform.hosts) {
    up_.push_back(host.up);
    down_.push_back(host.down);
  }
}

FlowKernel::~FlowKernel() {
  const auto in_simgrid = [](const Activity& a) {
    return a.kind == ActivityKind::kTransfer && a.stage == ActivityStage::kRunning;
  };
  for (const ActivityId id : activities_.select(in_simgrid)) withdraw(id);
}

ActivityId FlowKernel::transfer(HostId from, HostId to, std::int64_t bytes, ActivityCallback done) {
  SOUNDCHECK_ASSERT(bytes >= 0, "a message of {} bytes", bytes);
  const ActivityId id =
      activities_.start(ActivityKind::kTransfer, from, to, done, timers_.reserve());
  if (id.index >= running_.size()) running_.resize(id.index + 1);
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
  Activity& message = activities_[id];
  message.stage = ActivityStage::kAlone;
  message.since = now_;
  message.timer = timers_.schedule(message.end_alone(links_.speed(message)),
                                   {&on_end, this, id.packed()}, message.sequence);
}

// Gives SimGrid what is left of a message that had no need of it so far.
void FlowKernel::share(ActivityId id) {
  withdraw(id);
  hand_over(id);
}

// Starts the message in SimGrid.
void FlowKernel::hand_over(ActivityId id) {
  while (running_count_ == 0 && !due(now_)) step(now_);
  Activity& message = activities_[id];
  message.stage = ActivityStage::kRunning;
  ++running_count_;
  links_.enter_shared(message);
  running_[id.index] = engine_.start_transfer(id, message.from, message.to, message.work);
}

void FlowKernel::withdraw(ActivityId id) {
  Activity& message = activities_[id];
  if (message.stage == ActivityStage::kRunning) {
    message.work = engine_.bytes_left(running_[id.index]);
    --running_count_;
    links_.leave_shared(message);
    engine_.cancel(running_[id.index]);
    return;
  }
  timers_.cancel(message.timer);
  if (message.stage != ActivityStage::kAlone) return;
  message.advance(now_, links_.speed(message));
  links_.leave_alone(message);
}

void FlowKernel::on_end(void* kernel, std::uint64_t packed) {
  auto& self = *static_cast<FlowKernel*>(kernel);
  const ActivityId id = ActivityId::unpack(packed);
  const Activity& message = self.activities_[id];
  if (message.stage == ActivityStage::kAlone) self.links_.leave_alone(message);
  self.end(id, Outcome::kDone);
}

void FlowKernel::switched_host(HostId host, bool on) {
  if (on)
    engine_.host(host).host->turn_on();
  else
    engine_.host(host).host->turn_off();
}

void FlowKernel::switched_link(HostId host, bool on) {
  const SimgridHost& links = engine_.host(host);
  for (auto* const link : {links.up, links.down}) {
    if (on)
      link->turn_on();
    else
      link->turn_off();
  }
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
  for (const ActivityId id : messages) withdraw(id);
  const double up = up_[host.index()].bytes_per_second * bandwidth_factor;
  const double down = down_[host.index()].bytes_per_second * bandwidth_factor;
  links_.set_bandwidth(host, up, down);
  engine_.set_bandwidth(host, up, down);
  for (const ActivityId id : messages) run_transfer(id);
}

// One round of SimGrid, at most up to `bound`. What ended there becomes an event of ours.
void FlowKernel::step(Time bound) {
  const double before = engine_.clock();
  const std::vector<FlowEngine::Ended>& ended = engine_.step(bound);
  const double clock = engine_.clock();
  ++rounds_;
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
    --running_count_;
    links_.leave_shared(*activity);
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

std::uint64_t rounds_of(const Kernel& flow) {
  return static_cast<const FlowKernel&>(flow).rounds();
}

}  // namespace soundcheck
