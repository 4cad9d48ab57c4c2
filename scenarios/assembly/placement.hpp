#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/model/scenario.hpp"
#include "sim/kernel/platform.hpp"

namespace soundcheck {

// One process and where it runs. Services, processes and hosts are numbered in this order, which
// depends on nothing but the scenario.
struct PlacedProcess {
  std::string service;  // "payments", "payments.database", "clients", "psp"
  std::string name;     // "payments-0"; a service with one process bears the service's name
  HostId host;
};

// The machines of a run and who runs on them:
// - each replica, each database and each party outside has a host of its own;
// - in a zone with a fixed number of hosts, replicas and databases take them in turn;
// - replicas go by the service's `spread`;
// - a database lives in the zone of the service's first replica;
// - clients, people and parties outside live in a region of their own, `internet`, a wide area link
// away.
struct Placement {
  Platform platform;
  std::vector<std::string> services;
  std::vector<PlacedProcess> processes;
};

inline constexpr const char* kClients = "clients";
inline constexpr const char* kPeople = "people";  // only where a scenario scripts some
inline constexpr const char* kOrchestrator = "orchestrator";
std::string database_of(const std::string& service);  // "payments.database"
bool is_database(std::string_view service);

// The scenario was checked. There is a process of clients for each host that a workload's clients
// come from, one where each has a host of its own.
Placement place(const Scenario& scenario);

}  // namespace soundcheck
