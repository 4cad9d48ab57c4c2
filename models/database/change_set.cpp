#include "models/database/change_set.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace soundcheck {

RowImage ChangeSet::operator[](std::size_t index) const {
  const Row& row = rows_[index];
  const std::span<const SqlValue> values(values_);
  const auto first = values.subspan(row.first_value, row.columns);
  switch (row.operation) {
    case RowOperation::kInsert:
      return {row.table, row.operation, row.rowid_before, row.rowid_after, {}, first};
    case RowOperation::kDelete:
      return {row.table, row.operation, row.rowid_before, row.rowid_after, first, {}};
    case RowOperation::kUpdate:
      break;
  }
  return {
      row.table,       row.operation, row.rowid_before,
      row.rowid_after, first,         values.subspan(row.first_value + row.columns, row.columns)};
}

RowImage ChangeSet::inverse(std::size_t index) const {
  RowImage row = (*this)[index];
  std::swap(row.before, row.after);
  std::swap(row.rowid_before, row.rowid_after);
  if (row.operation == RowOperation::kInsert) {
    row.operation = RowOperation::kDelete;
  } else if (row.operation == RowOperation::kDelete) {
    row.operation = RowOperation::kInsert;
  }
  return row;
}

void ChangeSet::add_row(TableId table, RowOperation operation, std::int64_t rowid_before,
                        std::int64_t rowid_after, std::size_t columns) {
  rows_.push_back({table, operation, rowid_before, rowid_after, used_values_, columns});
}

namespace {

// Long texts are most of what transactions change: five words of them cost what one costs.
void add_text_to_digest(std::string_view text, Fingerprint& digest) {
  std::array<std::uint64_t, 5> words{};
  if (text.size() >= sizeof words) digest.add(text.size());
  while (text.size() >= sizeof words) {
    std::memcpy(words.data(), text.data(), sizeof words);
    digest.add(words[0], words[1], words[2], words[3], words[4]);
    text.remove_prefix(sizeof words);
  }
  digest.add(text);
}

}  // namespace

void add_to_digest(const SqlValue& value, Fingerprint& digest) {
  digest.add(std::uint64_t{value.index()});
  if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
    digest.add(static_cast<std::uint64_t>(*integer));
  } else if (const auto* const real = std::get_if<double>(&value)) {
    digest.add(std::bit_cast<std::uint64_t>(*real));
  } else if (const auto* const text = std::get_if<std::string>(&value)) {
    add_text_to_digest(*text, digest);
  }
}

Fingerprint ChangeSet::digest(const TableCatalogue& catalogue) const {
  Fingerprint digest;
  for (std::size_t i = 0; i < size(); ++i) {
    const RowImage row = (*this)[i];
    const Table& table = catalogue[row.table];
    digest.add(std::string_view(table.name));
    digest.add(static_cast<std::uint64_t>(row.operation));
    if (!row.before.empty()) {
      for (const std::uint32_t column : table.key) add_to_digest(row.before[column], digest);
    }
    for (const SqlValue& value : row.after) add_to_digest(value, digest);
  }
  return digest;
}

}  // namespace soundcheck
