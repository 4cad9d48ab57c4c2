#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/core/result.hpp"
#include "sim/core/time.hpp"
#include "sim/env/context.hpp"
#include "sim/kernel/kernel.hpp"
#include "sim/world/disturbances.hpp"

namespace soundcheck {

// Places where a fault can strike, without services knowing: see failpoints.def.
enum class Failpoint : std::uint8_t {
#define SOUNDCHECK_FAILPOINT(constant, name, where) constant,
#include "sim/world/failpoints.def"
#undef SOUNDCHECK_FAILPOINT
  kCount
};
inline constexpr std::size_t kFailpointCount = static_cast<std::size_t>(Failpoint::kCount);
std::string_view name_of(Failpoint failpoint);
std::string_view place_of(Failpoint failpoint);  // one sentence
std::optional<Failpoint> failpoint_named(std::string_view name);

struct FailpointContext {
  Failpoint failpoint{};
  ProcessId process;  // whose work it is: the caller, the callee, the client of the database
  ProcessId peer;     // the other side: the callee, the caller, the database
  ServiceId service;  // of `process`
  NameId method;      // service.method, where there is one
  SagaContext saga;
  std::uint64_t trace = 0;
};

// What happens to the message or operation that has reached a failpoint. A crash is carried out by
// the one who decides it (World::crash); the operation then finds its process dead.
struct Verdict {
  enum class Action : std::uint8_t { kPass, kDelay, kDrop, kDuplicate, kFail };
  Action action = Action::kPass;
  Duration delay;                         // kDelay: before it goes on
  ErrorCode code = ErrorCode::kInjected;  // kFail
};

class FailpointWatcher {
 public:
  virtual ~FailpointWatcher() = default;
  virtual Verdict at_failpoint(const FailpointContext& context) = 0;
  // Whether it could do anything at such a failpoint, now or later, as far as can be told in
  // advance.
  virtual bool could_strike(const FailpointContext&) const { return true; }
};

// An unarmed failpoint costs one predictable branch:
//   if (failpoints.armed(Failpoint::kDbAfterCommit)) verdict = failpoints.reach({...});
class Failpoints {
 public:
  // Arming is a disturbance that passes: who counted on nobody watching has to ask again.
  Failpoints(const Kernel& kernel, Disturbances& disturbances)
      : kernel_(kernel), disturbances_(disturbances) {}

  bool armed(Failpoint failpoint) const {
    return !watchers_[static_cast<std::size_t>(failpoint)].empty();
  }
  // Asks the watchers in the order in which they were armed; the first that does not let it pass
  // decides.
  Verdict reach(const FailpointContext& context);
  bool could_strike(const FailpointContext& context) const;
  std::uint64_t reached(Failpoint failpoint) const {
    return reached_[static_cast<std::size_t>(failpoint)];
  }

  void arm(Failpoint failpoint, FailpointWatcher& watcher);
  void disarm(Failpoint failpoint, FailpointWatcher& watcher);

 private:
  const Kernel& kernel_;
  Disturbances& disturbances_;
  std::array<std::vector<FailpointWatcher*>, kFailpointCount> watchers_;
  std::array<std::uint64_t, kFailpointCount> reached_{};
};

}  // namespace soundcheck
