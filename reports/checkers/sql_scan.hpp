#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace soundcheck {

// What the checkers need to know of a query without understanding it. Texts in quotes and comments
// are skipped.

// The tables after FROM and JOIN that are written service.table, each once, in order.
std::vector<std::string> tables_in(std::string_view sql);

// The largest n of the parameters ?1, ?2, ...; -1 for one without a number.
int highest_parameter(std::string_view sql);

// Replaces :name by ?1, ?2, ... and lists the names in that order.
struct NumberedParameters {
  std::string sql;
  std::vector<std::string> names;
};
NumberedParameters number_parameters(std::string_view sql);

// Replaces every {key EXPRESSION}: by `EXPRESSION = ?1` for one key, by `1` for all.
struct KeyedQuery {
  std::string one;
  std::string all;
  int places = 0;       // how many were replaced
  std::string mistake;  // what is wrong with one of them; empty if nothing
  std::size_t mistake_at = 0;
};
KeyedQuery expand_key(std::string_view sql);

}  // namespace soundcheck
