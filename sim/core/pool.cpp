#include "sim/core/pool.hpp"

#include <array>
#include <cstdint>
#include <new>

namespace soundcheck {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kPooled = false;
#elif defined(__has_feature)
constexpr bool kPooled = !__has_feature(address_sanitizer);
#else
constexpr bool kPooled = true;
#endif

constexpr std::size_t kClass = 64;
constexpr std::size_t kLargest = 4096;
constexpr std::size_t kChunk = 64 * 1024;

struct FreeBlock {
  FreeBlock* next;
};

struct Pools {
  std::array<FreeBlock*, kLargest / kClass + 1> free{};
  char* chunk = nullptr;
  std::size_t chunk_left = 0;
};

// Chunks live as long as the program: frames may be freed after any static destructor.
Pools& pools() {
  static Pools* const instance = new Pools;
  return *instance;
}

void* carve(Pools& all, std::size_t bytes) {
  if (all.chunk_left < bytes) {
    all.chunk = static_cast<char*>(::operator new(kChunk));
    all.chunk_left = kChunk;
  }
  void* const block = all.chunk;
  all.chunk += bytes;
  all.chunk_left -= bytes;
  return block;
}

}  // namespace

void* pool_allocate(std::size_t size) {
  if (!kPooled || size > kLargest) return ::operator new(size);
  Pools& all = pools();
  const std::size_t size_class = (size + kClass - 1) / kClass;
  if (FreeBlock* const block = all.free[size_class]) {
    all.free[size_class] = block->next;
    return block;
  }
  return carve(all, size_class * kClass);
}

void pool_free(void* block, std::size_t size) noexcept {
  if (!kPooled || size > kLargest) {
    ::operator delete(block, size);
    return;
  }
  auto* const free_block = static_cast<FreeBlock*>(block);
  FreeBlock*& head = pools().free[(size + kClass - 1) / kClass];
  free_block->next = head;
  head = free_block;
}

}  // namespace soundcheck
