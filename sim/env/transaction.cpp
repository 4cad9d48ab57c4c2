#include "sim/env/transaction.hpp"

#include "sim/core/assert.hpp"

namespace soundcheck {

std::int64_t SqlRow::integer(std::size_t column) const {
  const SqlValue& value = columns_.at(column);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  SOUNDCHECK_ASSERT(std::holds_alternative<std::monostate>(value), "column {} is no integer",
                    column);
  return 0;
}

const std::string& SqlRow::text(std::size_t column) const {
  static const std::string empty;
  const SqlValue& value = columns_.at(column);
  if (const auto* string = std::get_if<std::string>(&value)) return *string;
  SOUNDCHECK_ASSERT(std::holds_alternative<std::monostate>(value), "column {} is no text", column);
  return empty;
}

}  // namespace soundcheck
