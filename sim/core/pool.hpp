#pragma once

#include <cstddef>

namespace soundcheck {

// Memory for coroutine frames and messages: blocks of 64-byte size classes that are kept for reuse,
// because a run allocates and frees the same few sizes millions of times. Blocks above 4 KiB, and
// all blocks in sanitizer builds, come from operator new. Not for use by several threads.
void* pool_allocate(std::size_t size);
void pool_free(void* block, std::size_t size) noexcept;

}  // namespace soundcheck
