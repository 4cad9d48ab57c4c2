#pragma once

#include <cstdint>

#include "sim/core/ready_queue.hpp"
#include "sim/kernel/kernel.hpp"

namespace soundcheck {

// Calls a member function of an object with the name of something, which may have become stale:
// callback_to<&Calls::on_timeout>(this, id).
template <auto kMember, class T, class Name>
Callback callback_to(T* object, Name name) {
  return {[](void* self, std::uint64_t packed) {
            (static_cast<T*>(self)->*kMember)(Name::unpack(packed));
          },
          object, name.packed()};
}

// The same, for a member function that takes the name and the outcome of an activity.
template <auto kMember, class T, class Name>
ActivityCallback activity_callback_to(T* object, Name name) {
  return {[](void* self, std::uint64_t packed, Outcome outcome) {
            (static_cast<T*>(self)->*kMember)(Name::unpack(packed), outcome);
          },
          object, name.packed()};
}

}  // namespace soundcheck
