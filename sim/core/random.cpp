#include "sim/core/random.hpp"

namespace soundcheck {

RandomStream::RandomStream(std::uint64_t run_seed, std::string_view name) {
  std::uint64_t x = hash_text(name, run_seed * 0x9e3779b97f4a7c15ULL + 0x632be59bd9b4e019ULL);
  for (auto& word : state_) {  // splitmix64, as its authors advise for seeding
    x += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = x;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    word = z ^ (z >> 31);
  }
}

}  // namespace soundcheck
