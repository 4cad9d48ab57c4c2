#include "sim/world/network.hpp"

#include <algorithm>

#include "sim/world/world.hpp"

namespace soundcheck {

void Network::send(ProcessId from, ProcessId to, std::int64_t bytes, ActivityCallback done) {
  if (!rules_.empty()) {
    send_under_rules(from, to, bytes, done);
    return;
  }
  world_.kernel().transfer(world_.process(from).host, world_.process(to).host, bytes, done);
}

bool Network::applies(const NetworkRule& rule, ProcessId from, ProcessId to) {
  const auto in = [](const std::vector<bool>& set, ProcessId id) {
    return id.index() < set.size() && set[id.index()];
  };
  return (in(rule.from, from) && in(rule.to, to)) ||
         (rule.both_ways && in(rule.from, to) && in(rule.to, from));
}

bool Network::cut(ProcessId from, ProcessId to) const {
  return std::any_of(rules_.begin(), rules_.end(), [&](const ActiveRule& active) {
    return active.rule.cut && applies(active.rule, from, to);
  });
}

void Network::send_under_rules(ProcessId from, ProcessId to, std::int64_t bytes,
                               ActivityCallback done) {
  Duration delay;
  bool lost = false;
  for (ActiveRule& active : rules_) {
    active.delay = {};
    if (!applies(active.rule, from, to)) continue;
    if (active.rule.extra_delay) active.delay = active.rule.extra_delay();
    if (active.rule.cut) ++active.messages_hit;
    delay += active.delay;
    lost = lost || active.rule.cut;
  }
  for (ActiveRule& active : rules_) {
    if (!lost && active.delay > Duration()) ++active.messages_hit;
  }
  if (!lost && delay == Duration()) {
    world_.kernel().transfer(world_.process(from).host, world_.process(to).host, bytes, done);
    return;
  }
  const Handle<Delayed> handle = delayed_.take();
  delayed_[handle] = Delayed{from, to, bytes, done};
  if (lost) {
    world_.kernel().post({&Network::report_lost, this, handle.packed()});
  } else {
    world_.kernel().schedule_in(delay, {&Network::delayed_send, this, handle.packed()});
  }
}

void Network::delayed_send(void* self, std::uint64_t packed) {
  auto& network = *static_cast<Network*>(self);
  const auto handle = Handle<Delayed>::unpack(packed);
  const Delayed message = network.delayed_[handle];
  network.delayed_.give_back(handle);
  Kernel& kernel = network.world_.kernel();
  kernel.transfer(network.world_.process(message.from).host,
                  network.world_.process(message.to).host, message.bytes, message.done);
}

void Network::report_lost(void* self, std::uint64_t packed) {
  auto& network = *static_cast<Network*>(self);
  const auto handle = Handle<Delayed>::unpack(packed);
  const ActivityCallback done = network.delayed_[handle].done;
  network.delayed_.give_back(handle);
  done.function(done.object, done.argument, Outcome::kFailed);
}

Duration Network::latency(ProcessId from, ProcessId to) const {
  return world_.kernel().latency(world_.process(from).host, world_.process(to).host);
}

std::uint64_t Network::messages_hit(NetworkRuleId rule) const {
  const auto found = std::ranges::find(rules_, rule, &ActiveRule::id);
  return found == rules_.end() ? 0 : found->messages_hit;
}

NetworkRuleId Network::add_rule(NetworkRule rule) {
  world_.disturbances().begin();
  const NetworkRuleId id{next_rule_++, 1};
  rules_.push_back({.id = id, .rule = std::move(rule)});
  return id;
}

void Network::remove_rule(NetworkRuleId rule) {
  const auto removed =
      std::erase_if(rules_, [&](const ActiveRule& active) { return active.id == rule; });
  if (removed > 0) world_.disturbances().end(world_.now());
}

}  // namespace soundcheck
