#pragma once

#include <string_view>

namespace soundcheck::outside {

// The text of an .sql file below models/outside, compiled into the program: "psp/schema.sql".
std::string_view embedded_sql(std::string_view path);

}  // namespace soundcheck::outside
