#pragma once

#include <cstdint>
#include <vector>

#include "sim/kernel/activity_table.hpp"
#include "sim/kernel/host_use.hpp"
#include "sim/kernel/kernel.hpp"
#include "sim/kernel/network_state.hpp"
#include "sim/kernel/station.hpp"

namespace soundcheck {

// What both kernels do alike: cores and disks, and how activities end, fail and are cancelled. All
// who share the cores of a host, or its disk, get equal parts of it, so a virtual clock tells when
// each ends, and nobody else need be asked. Only messages differ.
class StationKernel : public Kernel, public HostMeters {
 public:
  explicit StationKernel(const Platform& platform);

  ActivityId execute(HostId host, Duration work, ActivityCallback done) final;
  ActivityId access(HostId host, std::int64_t bytes, DiskOperation operation,
                    ActivityCallback done) final;
  bool cancel(ActivityId activity) final;
  using Kernel::cancel;

  void set_host_on(HostId host, bool on) final;
  void set_host_speed(HostId host, double factor) final;
  void set_link_on(HostId host, bool on) final;
  Duration latency(HostId from, HostId to) const final { return state_.latency(from, to); }

 protected:
  // A message that has not failed does not arrive, and frees its share; `work` becomes what was
  // left to send of it.
  virtual void withdraw(ActivityId message) = 0;
  // A host or its links went on or off, and what had to fail has failed.
  virtual void switched_host(HostId /*host*/, bool /*on*/) {}
  virtual void switched_link(HostId /*host*/, bool /*on*/) {}

  void end(ActivityId id, Outcome outcome) {
    const ActivityCallback done = activities_.finish(id);
    done.function(done.object, done.argument, outcome);
  }
  void fail_soon(ActivityId id);

  NetworkState state_;
  ActivityTable activities_;

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
  void run_alone(const Station& station, ActivityId id, Activity& activity);
  void let_next_in(Station& station);
  void leave_station(std::uint32_t station, ActivityId id);
  void set_alarm(std::uint32_t station);
  void silence(std::uint32_t station);
  void fail(ActivityId id);

  static void on_end_alone(void* kernel, std::uint64_t id);
  static void on_alarm(void* kernel, std::uint64_t station);
  static void on_failure(void* kernel, std::uint64_t id);

  std::vector<Station> stations_;
  std::vector<Machine> machines_;
};

}  // namespace soundcheck
