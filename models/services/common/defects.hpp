#pragma once

#include "sim/env/service.hpp"

namespace soundcheck {

// Seeded defects that several services share; those of a single one stand in its own header.
inline constexpr SeededDefect kBlindUndo{
    "blind_undo", "steps that never ran are undone, and there is no fence (E7)"};
inline constexpr SeededDefect kNoFence{
    "no_fence", "a step that arrives after its undo is done all the same (E8, P5)"};
inline constexpr SeededDefect kSoftFailure{
    "soft_failure", "capture or grant answers COMPLETED with an error inside (E11, or S2, E4)"};
inline constexpr SeededDefect kUndoCompletedOnly{
    "undo_completed_only",
    "only completed steps are undone: a step whose reply was lost stays (S1, E11 or E3)"};

}  // namespace soundcheck
