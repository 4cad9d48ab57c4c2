#pragma once

#include <cstddef>

namespace soundcheck {

// Asks for an object's cache lines ahead of their use. When more requests are under way than the
// caches hold, what a simulation waits for is memory: the objects of one request are many, and each
// is found through the one before.
template <class T>
inline void prefetch(const T& object, std::size_t size = sizeof(T)) {
  const auto* const bytes = reinterpret_cast<const char*>(&object);
  for (std::size_t at = 0; at < size; at += 64) __builtin_prefetch(bytes + at, 1);
}

}  // namespace soundcheck
