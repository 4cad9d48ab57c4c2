#include "sim/kernel/flow/flow_engine.hpp"

#include <signal.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <simgrid/kernel/resource/Model.hpp>

#include "sim/core/assert.hpp"

namespace soundcheck {

namespace s4u = simgrid::s4u;

class EventQueue final : public simgrid::kernel::resource::Model {
 public:
  EventQueue() : Model("soundcheck") {}

  void set_next(Time at) { next_ = at; }

  // Seconds from now, or -1 for none.
  double next_occurring_event(double now) override {
    return next_ == Time::never() ? -1.0 : std::max(0.0, next_.in_seconds() - now);
  }
  void update_actions_state(double /*now*/, double /*delta*/) override {}

 private:
  Time next_ = Time::never();
};

namespace {

std::unique_ptr<s4u::Engine> make_engine() {
  SOUNDCHECK_ASSERT(!s4u::Engine::has_instance(),
                    "a process has one SimGrid engine; fork before making another");
  // Our own arguments: SimGrid would take --cfg, --log and --help from ours. CM02 is latency plus
  // bytes over bandwidth: the default model multiplies latencies by 13 for TCP's slow start, which
  // kept-alive connections do not see, and bounds a flow by a TCP window of 4 MB per round trip.
  std::array<std::string, 6> arguments = {"soundcheck",
                                          "--cfg=network/model:CM02",
                                          "--cfg=network/crosstraffic:0",
                                          "--cfg=network/TCP-gamma:1e30",
                                          "--cfg=surf/precision:1e-9",
                                          "--log=root.thres:critical"};
  std::array<char*, 7> argv{};
  for (std::size_t i = 0; i < arguments.size(); ++i) argv[i] = arguments[i].data();
  int argc = static_cast<int>(arguments.size());
  // The engine takes Ctrl-C for itself and ends the process, whatever is half written then.
  struct sigaction interruption{};
  sigaction(SIGINT, nullptr, &interruption);
  auto engine = std::make_unique<s4u::Engine>(&argc, argv.data());
  sigaction(SIGINT, &interruption, nullptr);
  return engine;
}

}  // namespace

FlowEngine::FlowEngine(const Platform& platform)
    : engine_(make_engine()),
      queue_(std::make_shared<EventQueue>()),
      hosts_(build_simgrid_platform(platform)) {
  engine_->add_model(queue_);
  engine_->seal_platform();
  engine_->track_vetoed_activities(&vetoed_);
  s4u::Activity::on_completion_cb(
      [this](const s4u::Activity& activity) { on_completion(activity); });
}

FlowEngine::~FlowEngine() {
  step(Time::never());  // cancelled activities are reported and let go
  step(Time::never());
  engine_->track_vetoed_activities(nullptr);
}

Time FlowEngine::time() const {
  constexpr double kRounding = 1e-3;
  return Time::from_nanoseconds(
      static_cast<std::int64_t>(std::ceil(clock() * 1e9 * (1 - 0x1p-52) - kRounding)));
}

s4u::Activity* FlowEngine::start_transfer(ActivityId id, HostId from, HostId to, double bytes) {
  const double units = bytes * kLinkUnitsPerByte;
  SOUNDCHECK_ASSERT(units < 9e18, "a message of {} bytes", bytes);
  const s4u::CommPtr comm = s4u::Comm::sendto_init(host(from).host, host(to).host);
  comm->set_payload_size(static_cast<std::uint64_t>(std::ceil(units)));
  comm->add_ref();  // ours, until its end was reported
  comm->set_data(reinterpret_cast<void*>(id.packed()));
  comm->start();
  return comm.get();
}

double FlowEngine::bytes_left(const s4u::Activity* message) const {
  return message->get_remaining() / kLinkUnitsPerByte;
}

void FlowEngine::cancel(s4u::Activity* activity) {
  activity->cancel();
  cancelled_ = true;
}

void FlowEngine::set_bandwidth(HostId id, double up_bytes_per_second,
                               double down_bytes_per_second) {
  host(id).up->set_bandwidth(up_bytes_per_second * kLinkUnitsPerByte);
  host(id).down->set_bandwidth(down_bytes_per_second * kLinkUnitsPerByte);
}

void FlowEngine::on_completion(const s4u::Activity& activity) {
  if (activity.get_state() == s4u::Activity::State::CANCELED)
    return;  // reported once more, as failed
  ended_.push_back(
      {.id = ActivityId::unpack(reinterpret_cast<std::uint64_t>(activity.get_data<void>())),
       .done = activity.get_state() == s4u::Activity::State::FINISHED,
       .activity = const_cast<s4u::Activity*>(&activity)});
}

const std::vector<FlowEngine::Ended>& FlowEngine::step(Time bound) {
  for (const Ended& ended : reported_) ended.activity->unref();
  reported_.clear();
  queue_->set_next(cancelled_ ? Time() : bound);
  cancelled_ = false;
  engine_->run();
  std::swap(ended_, reported_);
  return reported_;
}

}  // namespace soundcheck
