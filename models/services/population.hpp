#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/env/transaction.hpp"

namespace soundcheck {

// The users that exist before a run starts. All have an active account, can log in and have a
// verified billing profile. The first `subscribers` of them took a plan some days ago and paid for
// it; the others are newcomers. The same settings give the same rows, whatever else is in the
// scenario.
struct PopulationSettings {
  std::int64_t users = 0;
  std::int64_t subscribers = 0;
  double declined_authorizations = 0;  // share of newcomers whose bank declines to hold money
  double declined_captures = 0;  // share of newcomers whose bank holds it and then declines to pay
  std::uint64_t seed = 1;
};

// Users are numbered from 0.
struct SeededUser {
  std::string user_id;
  std::string plan;        // of a subscriber, else empty
  std::int64_t price = 0;  // minor units
  std::string sub_id;
  std::string payment_id;
  std::int64_t paid_at_ms = 0;  // before the start: negative
};
SeededUser seeded_user(const PopulationSettings& settings, std::int64_t user);
std::string user_id_of(std::int64_t user);
std::string token_of(std::int64_t user);

// What the bank thinks of a newcomer: "", "AUTH" or "CAPTURE", whichever it declines.
std::string_view bank_declines(const PopulationSettings& settings, std::int64_t user);

// One INSERT that is run for every user who has such a row.
struct SeededTable {
  std::string_view service;
  Sql insert;
  // Fills in the statement's parameters, or returns false.
  bool (*row)(const PopulationSettings& settings, std::int64_t user, std::vector<SqlValue>& values);
};
// In the order in which they are to be run. The bank's are in models/outside/population.hpp.
std::span<const SeededTable> seeded_tables();

}  // namespace soundcheck
