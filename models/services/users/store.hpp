#pragma once

#include <string>
#include <tuple>

#include "models/services/common/fence.hpp"
#include "models/services/users/api.hpp"
#include "sim/env/transaction.hpp"

namespace soundcheck::users {

inline constexpr Fence kFence = fence_of<"users">();

AccountView find_account(Transaction& transaction, const std::string& user_id);

struct CreateHousehold {
  std::string user_id;
  std::string sub_id;
  static constexpr auto fields() {
    return std::tuple{field("user_id", &CreateHousehold::user_id),
                      field("sub_id", &CreateHousehold::sub_id)};
  }
};
struct Household {
  std::string household_id;
  static constexpr auto fields() {
    return std::tuple{field("household_id", &Household::household_id)};
  }
};
// The household that this saga makes, with its owner's seat. CONFLICT when the user is an active
// member of another one; the fence's refusal is an empty id.
Result<Household> create_household(Transaction& transaction, const Step& step,
                                   const CreateHousehold& request, const FenceRules& rules);
// The undo: nobody is left in it.
void dissolve_household(Transaction& transaction, const Step& step, const FenceRules& rules);

}  // namespace soundcheck::users
