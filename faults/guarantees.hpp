#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace soundcheck {

// What a correct system may rely on. A fault that keeps all of these may cost time and requests,
// but no invariant; whoever promises zero violations draws faults from those kinds.
enum class Guarantee : std::uint8_t {
  kDurability,       // what a database acknowledged is still there later
  kUniqueness,       // identifiers, keys and leases are handed out once
  kClock,            // clocks run forward and agree within their bound
  kOutsideContract,  // parties outside do what their interface says, once, and answer truthfully
};
inline constexpr std::array kAllGuarantees{Guarantee::kDurability, Guarantee::kUniqueness,
                                           Guarantee::kClock, Guarantee::kOutsideContract};
std::string_view name_of(Guarantee guarantee);  // "outside contract"

// A set of guarantees.
class Guarantees {
 public:
  // Explicit and without a default: whoever has a set of guarantees has said which.
  explicit constexpr Guarantees(std::initializer_list<Guarantee> members) {
    for (const Guarantee member : members) bits_ |= bit(member);
  }
  static constexpr Guarantees none() { return Guarantees{}; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool contains(Guarantee guarantee) const { return (bits_ & bit(guarantee)) != 0; }
  constexpr bool operator==(const Guarantees&) const = default;

 private:
  static constexpr std::uint8_t bit(Guarantee guarantee) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(guarantee));
  }
  std::uint8_t bits_ = 0;
};

// "keeps durability, uniqueness, clock, outside contract", "keeps ...; may break durability".
std::string describe_guarantees(Guarantees may_break);

}  // namespace soundcheck
