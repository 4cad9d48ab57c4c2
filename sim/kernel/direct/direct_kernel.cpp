#include "sim/kernel/direct/direct_kernel.hpp"

#include <vector>

#include "sim/core/assert.hpp"
#include "sim/kernel/direct/fifo_network.hpp"
#include "sim/kernel/station_kernel.hpp"

namespace soundcheck {
namespace {

class DirectKernel final : public StationKernel {
 public:
  explicit DirectKernel(const Platform& platform)
      : StationKernel(platform), network_(platform, state_) {}

  ActivityId transfer(HostId from, HostId to, std::int64_t bytes, ActivityCallback done) override;
  void set_link(HostId host, Duration extra_latency, double bandwidth_factor) override;
  void run(Time until) override;

 private:
  void withdraw(ActivityId message) override;
  void set_arrival(ActivityId id);
  static void on_arrival(void* kernel, std::uint64_t id);

  FifoNetwork network_;
};

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

void DirectKernel::set_arrival(ActivityId id) {
  Activity& message = activities_[id];
  message.timer = timers_.schedule(message.through + message.latency,
                                   {&on_arrival, this, id.packed()}, message.sequence);
}

void DirectKernel::withdraw(ActivityId id) {
  Activity& message = activities_[id];
  timers_.cancel(message.timer);
  message.work = network_.withdraw(now_, message.from, message.to, message.work, message.through);
}

void DirectKernel::on_arrival(void* kernel, std::uint64_t id) {
  static_cast<DirectKernel*>(kernel)->end(ActivityId::unpack(id), Outcome::kDone);
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
  for (const ActivityId id : messages) withdraw(id);
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
