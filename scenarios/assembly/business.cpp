#include "scenarios/assembly/business.hpp"

namespace soundcheck {

const ParameterTable<Business>& Business::parameters() {
  static const auto table =
      ParameterTable<Business>("business", "Durations and amounts of the business.")
          .optional("decision_lifetime", &Business::decision_lifetime,
                    "how long auth's approval of a payment may be used", above_zero)
          .optional("decision_margin", &Business::decision_margin,
                    "payments asks auth again when less than this is left of an approval")
          .optional("key_lifetime", &Business::key_lifetime,
                    "how long the bank remembers an idempotency key", above_zero)
          .optional("outbox_sweep", &Business::outbox_sweep,
                    "how often an outbox is looked through for events that were not delivered",
                    above_zero)
          .optional("amount_limit", &Business::amount_limit, "auth approves no payment above this")
          .optional("subscribed", &Business::subscribed,
                    "share of the users who have a plan when the run starts");
  return table;
}

ServiceSettings service_settings(const Business& business,
                                 const std::vector<std::string>& defects) {
  ServiceSettings settings;
  settings.defects.insert(defects.begin(), defects.end());
  settings.durations["decision_lifetime"] = business.decision_lifetime;
  settings.durations["decision_margin"] = business.decision_margin;
  settings.durations["key_lifetime"] = business.key_lifetime;
  settings.durations["outbox_sweep"] = business.outbox_sweep;
  settings.numbers["amount_limit"] = business.amount_limit.in_minor_units();
  return settings;
}

}  // namespace soundcheck
