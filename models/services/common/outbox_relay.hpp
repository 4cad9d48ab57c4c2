#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/services/common/outbox.hpp"
#include "sim/core/time.hpp"
#include "sim/env/env.hpp"
#include "sim/env/service.hpp"

namespace soundcheck {

inline constexpr SeededDefect kDualWriteLog{
    "dual_write_log", "transactions are logged without an outbox (L1 or L2, E10)"};

// Settings of every service that has an outbox.
struct OutboxSettings {
  Duration outbox_sweep = Duration::seconds(30);
  static const ParameterTable<OutboxSettings>& parameters();
};

// Sends a service's outbox to logging: at least once, in the order of the commits, batch by batch;
// logging passes over what it knows. One relay per replica. It works right after a commit of its
// own replica, goes on with growing pauses while logging does not answer, and looks every now and
// then for what a dead replica left behind.
class OutboxRelay {
 public:
  struct Store {
    std::vector<OutboxEvent> (*pending)(Transaction&, const std::int64_t& limit);
    void (*mark_published)(Transaction&, const std::vector<std::string>& event_ids);
  };
  OutboxRelay(Store store, const ServiceSettings& settings)
      : store_(store),
        sweep_every_(settings.of<OutboxSettings>().outbox_sweep),
        once_only_(settings.defect(kDualWriteLog)) {}
  OutboxRelay(const OutboxRelay&) = delete;
  OutboxRelay& operator=(const OutboxRelay&) = delete;

  // After the commit that wrote `event`. Returns at once; the work is done beside the caller.
  void announce(const Env& env, OutboxEvent event);
  // Runs for the life of the process.
  Task<void> run(Env env);

 private:
  Task<void> drain(Env env);
  // Whether everything pending was sent.
  Task<Result<bool>> send_batch(Env env);
  Task<void> send_only(Env env, OutboxEvent event);

  Store store_;
  Duration sweep_every_;
  // Nothing is ever sent again: an event whose only message is lost, or whose sender dies, never
  // arrives.
  bool once_only_;
  bool draining_ = false;
  bool more_ = false;  // something was committed since the outbox was last read
};

}  // namespace soundcheck
