#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/services/common/defects.hpp"
#include "models/services/common/sql_text.hpp"
#include "models/services/common/step.hpp"
#include "sim/env/service.hpp"
#include "sim/env/transaction.hpp"

namespace soundcheck {

// What a step is to its saga: COMPENSATABLE before the point of no return, PIVOT that point,
// RETRIABLE and OPTIONAL behind it.
enum class Role : std::uint8_t { kCompensatable, kPivot, kRetriable, kOptional };
std::string_view name_of(Role role);

// How strictly the fence is kept. The reference design keeps it; the defects no_fence and
// blind_undo do not.
struct FenceRules {
  bool refuse_late = true;  // no DO after its UNDO
  bool blind_undo = false;  // an UNDO counts as applied whether or not there was something to undo

  static FenceRules of(const ServiceSettings& settings);
};

struct EffectsSql {
  Sql find;
  Sql insert;
};

// The fence of one service: its table `effects` has a row for each DO or UNDO of a saga's step,
// written in the transaction of the effect itself. Messages arrive twice, late and in any order;
// the fence is what makes an undo final:
// - a DO that comes after its UNDO is refused,
// - an UNDO of what was never done changes nothing but leaves its row, so that the DO is refused
// when it comes. Outside of a saga nothing is recorded and all is admitted.
//
// That a repeated DO takes effect once is not the fence's business but that of the rows it would
// change; each application is recorded under its number, so that a duplicate would be seen.
class Fence {
 public:
  explicit constexpr Fence(const EffectsSql& sql) : sql_(&sql) {}

  // Whether the step may still take effect. If not, the refusal is recorded: commit it.
  bool admits(Transaction& transaction, const Step& step, Role role, const FenceRules& rules) const;
  void record_do(Transaction& transaction, const Step& step, Role role) const;

  bool undone(Transaction& transaction, const Step& step) const;
  // `changed`: whether there was anything to undo.
  void record_undo(Transaction& transaction, const Step& step, Role role, bool changed,
                   const FenceRules& rules) const;

 private:
  bool has(Transaction& transaction, const Step& step, std::string_view kind,
           std::string_view state) const;
  void insert(Transaction& transaction, const Step& step, std::string_view kind, Role role,
              std::string_view state) const;

  const EffectsSql* sql_;
};

namespace detail {
template <FixedText service>
inline constexpr EffectsSql kEffectsSql{
    Sql{service_sql<"SELECT state FROM $.effects WHERE saga_id = ?1 AND step = ?2 AND kind = ?3",
                    service>()},
    Sql{service_sql<"INSERT INTO $.effects (saga_id, step, kind, application, role, state, seq) "
                    "SELECT ?1, ?2, ?3, COALESCE(MAX(application), 0) + 1, ?4, ?5, commit_seq() "
                    "FROM $.effects WHERE saga_id = ?1 AND step = ?2 AND kind = ?3",
                    service>()}};
}  // namespace detail

// SQL of the table `effects` of a service, for the schema of its blueprint.
std::string effects_table(std::string_view service);

// fence_of<"payments">() works on payments.effects.
template <FixedText service>
constexpr Fence fence_of() {
  return Fence(detail::kEffectsSql<service>);
}

}  // namespace soundcheck
