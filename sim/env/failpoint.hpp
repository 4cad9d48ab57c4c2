#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "sim/core/result.hpp"
#include "sim/core/time.hpp"

namespace soundcheck {

// What happens to the message or operation that has reached a failpoint. A crash is carried out by
// the one who decides it (World::crash) and is never given as a verdict: the model finds its
// process dead.
struct Verdict {
  enum class Action : std::uint8_t { kPass, kDelay, kDrop, kDuplicate, kFail, kCrash };
  Action action = Action::kPass;
  Duration delay;                         // kDelay: before it goes on
  ErrorCode code = ErrorCode::kInjected;  // kFail
  std::uint16_t http_status = 0;          // kFail: of the answer to a call; 0: that of the code

  Error error() const {  // of kFail: to a call the answer, as of a proxy in the callee's place
    Error result = Error::of(code);
    result.http_status =
        http_status != 0 ? http_status : static_cast<std::uint16_t>(http_status_of(code));
    return result;
  }
};
std::string_view name_of(Verdict::Action action);  // "delay"

// A set of verdicts.
class VerdictSet {
 public:
  template <class... Actions>
  constexpr explicit VerdictSet(Verdict::Action first, Actions... others)
      : bits_(static_cast<std::uint8_t>((bit(first) | ... | bit(others)))) {}
  constexpr bool contains(Verdict::Action action) const { return (bits_ & bit(action)) != 0; }
  constexpr bool contains(VerdictSet others) const { return (others.bits_ & ~bits_) == 0; }
  constexpr VerdictSet with(Verdict::Action action) const {
    VerdictSet more = *this;
    more.bits_ |= bit(action);
    return more;
  }
  constexpr bool operator==(const VerdictSet&) const = default;

 private:
  static constexpr std::uint8_t bit(Verdict::Action action) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(action));
  }
  std::uint8_t bits_;
};
std::string to_text(VerdictSet verdicts);  // "pass, delay, crash"

// Places where a fault can strike, without services knowing: see failpoints.def.
enum class Failpoint : std::uint8_t {
#define SOUNDCHECK_FAILPOINT(constant, name, verdicts, where) constant,
#include "sim/env/failpoints.def"
#undef SOUNDCHECK_FAILPOINT
  kCount
};
inline constexpr std::size_t kFailpointCount = static_cast<std::size_t>(Failpoint::kCount);
std::string_view name_of(Failpoint failpoint);
std::string_view place_of(Failpoint failpoint);  // one sentence
std::optional<Failpoint> failpoint_named(std::string_view name);

// What the models can do at a failpoint. To pass is permitted everywhere.
constexpr VerdictSet permitted_at(Failpoint failpoint) {
  using enum Verdict::Action;
  constexpr VerdictSet kPermitted[] = {
#define SOUNDCHECK_FAILPOINT(constant, name, verdicts, where) VerdictSet verdicts.with(kPass),
#include "sim/env/failpoints.def"
#undef SOUNDCHECK_FAILPOINT
  };
  return kPermitted[static_cast<std::size_t>(failpoint)];
}

// Whether the work goes on from the failpoint at once. kStop: it has ended, or goes on later.
enum class AfterFailpoint : bool { kStop, kGoOn };

struct NotPermitted {};

// What a model does about the verdicts at a failpoint: a function for each that is permitted there.
// One that is missing, or that can never be called, does not compile.
template <class Delayed = NotPermitted, class Dropped = NotPermitted,
          class Duplicated = NotPermitted, class Failed = NotPermitted>
struct VerdictHandlers {
  Delayed delayed{};        // AfterFailpoint(Duration)
  Dropped dropped{};        // AfterFailpoint()
  Duplicated duplicated{};  // AfterFailpoint(); what goes on is the original
  Failed failed{};          // AfterFailpoint(Error)
};

template <Failpoint failpoint, class Delayed, class Dropped, class Duplicated, class Failed>
AfterFailpoint obey(const Verdict& verdict,
                    const VerdictHandlers<Delayed, Dropped, Duplicated, Failed>& handlers) {
  using enum Verdict::Action;
  constexpr VerdictSet kPermitted = permitted_at(failpoint);
  constexpr bool kDelays = !std::is_same_v<Delayed, NotPermitted>;
  constexpr bool kDrops = !std::is_same_v<Dropped, NotPermitted>;
  constexpr bool kDuplicates = !std::is_same_v<Duplicated, NotPermitted>;
  constexpr bool kFails = !std::is_same_v<Failed, NotPermitted>;
  static_assert(kDelays == kPermitted.contains(kDelay), "failpoints.def and handlers: delay");
  static_assert(kDrops == kPermitted.contains(kDrop), "failpoints.def and handlers: drop");
  static_assert(kDuplicates == kPermitted.contains(kDuplicate),
                "failpoints.def and handlers: duplicate");
  static_assert(kFails == kPermitted.contains(kFail), "failpoints.def and handlers: fail");
  switch (verdict.action) {
    case kDelay:
      if constexpr (kDelays) return handlers.delayed(verdict.delay);
      break;
    case kDrop:
      if constexpr (kDrops) return handlers.dropped();
      break;
    case kDuplicate:
      if constexpr (kDuplicates) return handlers.duplicated();
      break;
    case kFail:
      if constexpr (kFails) return handlers.failed(verdict.error());
      break;
    case kPass:
    case kCrash:
      break;
  }
  return AfterFailpoint::kGoOn;
}

}  // namespace soundcheck
