#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace soundcheck {

// One round of 64 x 64 -> 128 bit multiplication folded to 64 bits (the mixing step of wyhash by
// Wang Yi).
constexpr std::uint64_t mix64(std::uint64_t a, std::uint64_t b) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Hash of a text; the same value on every machine and in every version that writes the same digest
// format.
constexpr std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0) {
  std::uint64_t h = seed ^ 0x9e3779b97f4a7c15ULL;
  for (const char c : text) {
    h = mix64(h ^ static_cast<unsigned char>(c), 0xa0761d6478bd642fULL) + 0x2545f4914f6cdd1dULL;
  }
  return mix64(h ^ text.size(), 0xe7037ed1a0b428dbULL);
}

// Running 128-bit digest of a run: two lanes of different constants. It is no cryptographic hash;
// it tells two runs apart that differ in a single bit.
class Fingerprint {
 public:
  void add(std::uint64_t word) {
    low_ = mix64(low_ ^ word, 0xa0761d6478bd642fULL) + 0x9e3779b97f4a7c15ULL;
    high_ = mix64(high_ ^ word, 0x8ebc6af09c88c6e3ULL) ^ (low_ >> 32);
  }
  // Five words at once, at about the cost of one: the record of an event.
  void add(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d, std::uint64_t e) {
    const std::uint64_t first = mix64(a ^ 0xa0761d6478bd642fULL, b ^ low_);
    const std::uint64_t second = mix64(c ^ 0xe7037ed1a0b428dbULL, d ^ high_);
    low_ = mix64(first ^ e, 0x8ebc6af09c88c6e3ULL) + second;
    high_ = second ^ (low_ << 31 | low_ >> 33) ^ first;
  }
  void add(std::string_view text) {
    add(text.size());
    while (text.size() >= 8) {
      std::uint64_t word;
      std::memcpy(&word, text.data(), 8);  // little endian, as on every supported machine
      add(word);
      text.remove_prefix(8);
    }
    std::uint64_t tail = 0;
    std::memcpy(&tail, text.data(), text.size());
    add(tail);
  }

  std::uint64_t low() const { return low_; }
  std::uint64_t high() const { return high_; }
  std::string hex() const;  // 32 lower-case hexadecimal digits
  bool operator==(const Fingerprint&) const = default;

 private:
  std::uint64_t low_ = 0x243f6a8885a308d3ULL;
  std::uint64_t high_ = 0x13198a2e03707344ULL;
};

}  // namespace soundcheck
