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

// Places where a fault can strike, without services knowing: see checkpoints.def.
enum class Checkpoint : std::uint8_t {
#define SOUNDCHECK_CHECKPOINT(constant, name, where) constant,
#include "sim/world/checkpoints.def"
#undef SOUNDCHECK_CHECKPOINT
  kCount
};
inline constexpr std::size_t kCheckpointCount = static_cast<std::size_t>(Checkpoint::kCount);
std::string_view name_of(Checkpoint checkpoint);
std::string_view place_of(Checkpoint checkpoint);  // one sentence
std::optional<Checkpoint> checkpoint_named(std::string_view name);

struct CheckpointContext {
  Checkpoint checkpoint{};
  ProcessId process;  // whose work it is: the caller, the callee, the client of the database
  ProcessId peer;     // the other side: the callee, the caller, the database
  ServiceId service;  // of `process`
  NameId method;      // service.method, where there is one
  SagaContext saga;
  std::uint64_t trace = 0;
};

// What happens to the message or operation that has reached a checkpoint. A crash is carried out by
// the one who decides it (World::crash); the operation then finds its process dead.
struct Verdict {
  enum class Action : std::uint8_t { kPass, kDelay, kDrop, kDuplicate, kFail };
  Action action = Action::kPass;
  Duration delay;                         // kDelay: before it goes on
  ErrorCode code = ErrorCode::kInjected;  // kFail
};

class CheckpointWatcher {
 public:
  virtual ~CheckpointWatcher() = default;
  virtual Verdict at_checkpoint(const CheckpointContext& context) = 0;
  // Whether it could do anything at such a checkpoint, now or later, as far as can be told in
  // advance.
  virtual bool could_strike(const CheckpointContext&) const { return true; }
};

// An unarmed checkpoint costs one predictable branch:
//   if (checkpoints.armed(Checkpoint::kDbAfterCommit)) verdict = checkpoints.reach({...});
class Checkpoints {
 public:
  // Arming is a disturbance that passes: who counted on nobody watching has to ask again.
  Checkpoints(const Kernel& kernel, Disturbances& disturbances)
      : kernel_(kernel), disturbances_(disturbances) {}

  bool armed(Checkpoint checkpoint) const {
    return !watchers_[static_cast<std::size_t>(checkpoint)].empty();
  }
  // Asks the watchers in the order in which they were armed; the first that does not let it pass
  // decides.
  Verdict reach(const CheckpointContext& context);
  bool could_strike(const CheckpointContext& context) const;
  std::uint64_t reached(Checkpoint checkpoint) const {
    return reached_[static_cast<std::size_t>(checkpoint)];
  }

  void arm(Checkpoint checkpoint, CheckpointWatcher& watcher);
  void disarm(Checkpoint checkpoint, CheckpointWatcher& watcher);

 private:
  const Kernel& kernel_;
  Disturbances& disturbances_;
  std::array<std::vector<CheckpointWatcher*>, kCheckpointCount> watchers_;
  std::array<std::uint64_t, kCheckpointCount> reached_{};
};

}  // namespace soundcheck
