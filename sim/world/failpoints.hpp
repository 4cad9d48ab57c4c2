#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/env/context.hpp"
#include "sim/env/failpoint.hpp"
#include "sim/kernel/kernel.hpp"
#include "sim/world/disturbances.hpp"

namespace soundcheck {

struct FailpointContext {
  Failpoint failpoint{};
  ProcessId process;  // whose work it is: the caller, the callee, the client of the database
  ProcessId peer;     // the other side: the callee, the caller, the database
  ServiceId service;  // of `process`
  NameId method;      // service.method, where there is one
  SagaContext saga;
  std::uint64_t trace = 0;
};

class FailpointWatcher {
 public:
  virtual ~FailpointWatcher() = default;
  // One that the failpoint permits.
  virtual Verdict at_failpoint(const FailpointContext& context) = 0;
  // Whether it could do anything at such a failpoint, now or later, as far as can be told in
  // advance.
  virtual bool could_strike(const FailpointContext&) const { return true; }
};

// The failpoints of a run: who watches them, and how often they were reached while watched.
class Failpoints {
 public:
  // Arming is a disturbance that passes: who counted on nobody watching has to ask again.
  Failpoints(const Kernel& kernel, Disturbances& disturbances)
      : kernel_(kernel), disturbances_(disturbances) {}

  bool armed(Failpoint failpoint) const {
    return !watchers_[static_cast<std::size_t>(failpoint)].empty();
  }

  // The work reaches a failpoint; unarmed, this costs one predictable branch. `context` makes the
  // FailpointContext. `gone` is asked when the watchers have decided: whether a crash there has
  // ended the work; if so it has cleaned up after it, and the verdict means nothing any more.
  template <Failpoint failpoint, class Context, class Gone, class Handlers>
  AfterFailpoint at(const Context& context, const Gone& gone, const Handlers& handlers) {
    if (!armed(failpoint)) [[likely]]
      return AfterFailpoint::kGoOn;
    return at_armed<failpoint>(context, gone, handlers);
  }

  // Asks the watchers in the order in which they were armed; the first that does not let it pass
  // decides.
  Verdict reach(const FailpointContext& context);
  bool could_strike(const FailpointContext& context) const;
  std::uint64_t reached(Failpoint failpoint) const {
    return reached_[static_cast<std::size_t>(failpoint)];
  }

  std::size_t watchers(Failpoint failpoint) const {
    return watchers_[static_cast<std::size_t>(failpoint)].size();
  }

  void arm(Failpoint failpoint, FailpointWatcher& watcher);
  void disarm(Failpoint failpoint, FailpointWatcher& watcher);

 private:
  // Apart, so that it takes no room between what runs for every message.
  template <Failpoint failpoint, class Context, class Gone, class Handlers>
  [[gnu::cold, gnu::noinline]] AfterFailpoint at_armed(const Context& context, const Gone& gone,
                                                       const Handlers& handlers) {
    FailpointContext reached = context();
    reached.failpoint = failpoint;
    const Verdict verdict = reach(reached);
    if (gone()) return AfterFailpoint::kStop;
    return obey<failpoint>(verdict, handlers);
  }

  const Kernel& kernel_;
  Disturbances& disturbances_;
  std::array<std::vector<FailpointWatcher*>, kFailpointCount> watchers_;
  std::array<std::uint64_t, kFailpointCount> reached_{};
};

}  // namespace soundcheck
