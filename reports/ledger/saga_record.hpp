#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"
#include "sim/events/saga_status.hpp"

namespace soundcheck {

// How a saga ended, from the point of view of the business.
enum class SagaOutcome : std::uint8_t {
  kCompleted,      // it did what it was asked
  kCompensated,    // it failed, and everything that it had done was undone
  kFailedCleanly,  // it failed before it had done anything
  kNotUndone,      // it failed, and nothing undid what it had done
  kNeedsHuman,     // it waits for a person, as its definition says
  kStuck,          // it, or its compensation, had not ended when the run did, or gave up
  kInconsistent,   // it ended, and left behind what must not be
  kUnjudged        // it failed after something was done of which nothing says what undoes it
};
inline constexpr std::size_t kSagaOutcomes = 8;
inline constexpr std::array kAllSagaOutcomes{SagaOutcome::kCompleted,     SagaOutcome::kCompensated,
                                             SagaOutcome::kFailedCleanly, SagaOutcome::kNotUndone,
                                             SagaOutcome::kNeedsHuman,    SagaOutcome::kStuck,
                                             SagaOutcome::kInconsistent,  SagaOutcome::kUnjudged};

std::string_view name_of(SagaOutcome outcome);  // "needs-human", as scenarios write it
std::string_view text_of(SagaOutcome outcome);  // "waits for a person"
std::string to_text(std::uint64_t saga);        // the 16 hexadecimal digits of a saga's id

// What is kept of each saga: 48 bytes until the end of the run, and at most 32
// more to find it.
struct SagaRecord {
  std::uint64_t id = 0;
  Time started;
  Time changed;         // when the last event about it came
  NameId workflow;      // the definition that it began with
  NameId compensation;  // its undo workflow, once that was started
  NameId step;          // where it stopped, or is
  NameId human_step;    // an open HUMAN task; invalid if none
  SagaStatus status = SagaStatus::kRunning;
  SagaStatus undo_status = SagaStatus::kCompleted;  // of the last compensation that ended
  std::uint16_t undos_open = 0;
  std::uint16_t retries : 15 = 0;  // further attempts of steps
  bool did_something : 1 = false;  // a step of it, not of its compensation, was completed

  bool ended() const { return status != SagaStatus::kRunning && status != SagaStatus::kPaused; }
};

static_assert(sizeof(SagaRecord) == 48);

}  // namespace soundcheck
