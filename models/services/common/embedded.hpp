#pragma once

#include <string_view>

namespace soundcheck::services {

// The text of an .sql file below models/services, compiled into the program: "payments/schema.sql".
std::string_view embedded_sql(std::string_view path);

}  // namespace soundcheck::services
