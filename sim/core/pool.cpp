#include "sim/core/pool.hpp"

#include <new>

namespace soundcheck::detail {
namespace {

constexpr std::size_t kChunk = 64 * 1024;

// Chunks live as long as the program: frames may be freed after any static destructor.
constinit char* chunk = nullptr;
constinit std::size_t chunk_left = 0;

}  // namespace

void* pool_grow(std::size_t size) {
  const std::size_t bytes = pool_class(size) * kPoolClass;
  if (chunk_left < bytes) {
    chunk = static_cast<char*>(::operator new(kChunk));
    chunk_left = kChunk;
  }
  void* const block = chunk;
  chunk += bytes;
  chunk_left -= bytes;
  return block;
}

}  // namespace soundcheck::detail
