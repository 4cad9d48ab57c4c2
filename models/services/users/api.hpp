#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "sim/env/rpc.hpp"

namespace soundcheck::users {

struct AccountView {
  bool found = false;
  std::string email;
  std::string state;         // PENDING ACTIVE REJECTED DELETED
  std::string household_id;  // of which the user is an active member, if any
  static constexpr auto fields() {
    return std::tuple{field("found", &AccountView::found), field("email", &AccountView::email),
                      field("state", &AccountView::state),
                      field("household_id", &AccountView::household_id)};
  }
};
struct GetAccount {
  static constexpr RpcName rpc{"users", "get-account", "GET /users/{id}"};
  using Reply = AccountView;
  std::string user_id;
  static constexpr auto fields() { return std::tuple{field("user_id", &GetAccount::user_id)}; }
};

}  // namespace soundcheck::users
