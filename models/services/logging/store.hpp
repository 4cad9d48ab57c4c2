#pragma once

#include <cstdint>
#include <vector>

#include "models/blueprint/blueprint.hpp"
#include "models/services/common/fence.hpp"
#include "models/services/logging/api.hpp"
#include "sim/env/transaction.hpp"

namespace soundcheck::logging {

// The step that the event of a capture completes in its saga; no task does it.
inline constexpr std::string_view kRecordStep = "record_transaction";

// How many of the events were new.
std::int64_t record_transactions(Transaction& transaction,
                                 const std::vector<TransactionEvent>& events);

// The rows of users that exist before a run.
std::vector<SeedRows> seed_rows();

}  // namespace soundcheck::logging
