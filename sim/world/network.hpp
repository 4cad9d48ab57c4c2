#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "sim/core/ids.hpp"
#include "sim/core/slab.hpp"
#include "sim/core/time.hpp"
#include "sim/kernel/kernel.hpp"

namespace soundcheck {

class World;

// Messages that a rule bends on their way: those from a process of one set to a process of the
// other.
struct NetworkRule {
  std::vector<bool>
      from;  // by process index; shorter than the number of processes: the rest is not in the set
  std::vector<bool> to;
  bool both_ways = false;
  bool cut = false;                       // nothing passes
  std::function<Duration()> extra_delay;  // drawn per message, when set
};
using NetworkRuleId = Handle<struct NetworkRuleTag>;

// Moves messages between processes over the kernel's links. A message ends delivered or lost, and
// lost is silent: what a sender makes of it is the business of its protocol (models/rpc).
class Network {
 public:
  explicit Network(World& world) : world_(world) {}

  // Outcome::kFailed: lost, at some moment not before it could have been delivered to the point of
  // loss.
  void send(ProcessId from, ProcessId to, std::int64_t bytes, ActivityCallback done);
  // Time of a small message on an idle route now, without the delays of rules.
  Duration latency(ProcessId from, ProcessId to) const;
  // Whether a rule cuts the way from one process to the other.
  bool cut(ProcessId from, ProcessId to) const;

  NetworkRuleId add_rule(NetworkRule rule);
  void remove_rule(NetworkRuleId rule);
  // Messages so far that a rule in force has lost, or alone or with others held back.
  std::uint64_t messages_hit(NetworkRuleId rule) const;
  std::size_t rule_count() const { return rules_.size(); }

 private:
  struct ActiveRule {
    NetworkRuleId id;
    NetworkRule rule;
    std::uint64_t messages_hit = 0;
    Duration delay;  // of the message that is being sent
  };
  struct Delayed {
    ProcessId from;
    ProcessId to;
    std::int64_t bytes = 0;
    ActivityCallback done;
  };

  void send_under_rules(ProcessId from, ProcessId to, std::int64_t bytes, ActivityCallback done);
  static bool applies(const NetworkRule& rule, ProcessId from, ProcessId to);
  static void delayed_send(void* self, std::uint64_t packed);
  static void report_lost(void* self, std::uint64_t packed);

  World& world_;
  std::vector<ActiveRule> rules_;
  std::uint32_t next_rule_ = 1;
  Slab<Delayed> delayed_;
};

}  // namespace soundcheck
