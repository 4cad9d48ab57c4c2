#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "models/database/catalogue.hpp"

namespace soundcheck {

// A service's schema.sql, taken apart and with its names rewritten.
struct Schema {
  std::vector<std::string> definitions;  // CREATE TABLE, CREATE INDEX
  std::vector<std::string> rows;         // INSERT
  std::vector<TableId> tables;
};

// Declares the schema's tables in the catalogue. Tables are named service.table; indexes get the
// service's name too, as in PostgreSQL, where they live beside their table. Anything but tables,
// indexes and rows is an error: triggers and views hide what a commit changes.
std::expected<Schema, std::string> read_schema(std::string_view service, std::string_view sql,
                                               TableCatalogue& catalogue);

}  // namespace soundcheck
