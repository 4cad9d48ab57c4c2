#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace soundcheck {

// Index of a thing in the table that owns it. The tag keeps a host from being taken for a process.
template <class Tag>
class Id {
 public:
  constexpr Id() = default;
  explicit constexpr Id(std::uint32_t index) : index_(index) {}
  constexpr std::uint32_t index() const { return index_; }
  constexpr bool valid() const { return index_ != std::numeric_limits<std::uint32_t>::max(); }
  constexpr auto operator<=>(const Id&) const = default;

 private:
  std::uint32_t index_ = std::numeric_limits<std::uint32_t>::max();
};

using HostId = Id<struct HostTag>;        // a machine of the platform
using ZoneId = Id<struct ZoneTag>;        // an availability zone
using RegionId = Id<struct RegionTag>;    // a region: zones joined by a backbone
using ServiceId = Id<struct ServiceTag>;  // a service, whatever its number of replicas
using ProcessId = Id<struct ProcessTag>;  // one replica, database server or client pool
using MethodId = Id<struct MethodTag>;    // an RPC of a service
using NameId = Id<struct NameTag>;        // an interned text (sim/events)

// Names one use of a slab entry: the entry's index and how often it had been used before. Zero is
// never handed out as a generation, so a default Handle names nothing.
template <class Tag>
struct Handle {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;
  constexpr bool valid() const { return generation != 0; }
  constexpr bool operator==(const Handle&) const = default;
  constexpr std::uint64_t packed() const { return (std::uint64_t{generation} << 32) | index; }
  static constexpr Handle unpack(std::uint64_t word) {
    return {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(word >> 32)};
  }
};

}  // namespace soundcheck
