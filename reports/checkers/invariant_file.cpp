#include "reports/checkers/invariant_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "reports/checkers/sql_scan.hpp"
#include "sim/core/did_you_mean.hpp"
#include "sim/core/letters.hpp"

namespace soundcheck {

namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool is_name(std::string_view text) {
  return !text.empty() && is_letter(text[0]) && std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '-';
  });
}

const std::array<std::string, 6> kHeaders{"class", "key", "changed", "saga", "over", "finds"};

class Parser {
 public:
  Parser(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  InvariantFile run() {
    while (!text_.empty()) {
      const std::size_t end = std::min(text_.find('\n'), text_.size());
      line_ = text_.substr(0, end);
      text_.remove_prefix(std::min(end + 1, text_.size()));
      ++line_number_;
      read_line();
    }
    if (current_ && !sql_.empty()) {
      complain(sql_line_, 1, "the query does not end with a semicolon at the end of a line");
    } else if (current_) {
      complain(current_->line, 1, fmt::format("the invariant '{}' has no query", current_->id));
    }
    return std::move(result_);
  }

 private:
  void read_line() {
    const std::string_view trimmed = trim(line_);
    const bool in_query = !sql_.empty();
    if (trimmed.starts_with("--") && !in_query) {
      read_comment(trim(trimmed.substr(2)));
    } else if (!trimmed.empty() || in_query) {
      read_query(trimmed);
    }
  }

  void read_comment(std::string_view comment) {
    const std::size_t colon = comment.find(':');
    if (colon == std::string_view::npos) return;
    const std::string word(trim(comment.substr(0, colon)));
    const std::string_view value = trim(comment.substr(colon + 1));
    if (!is_name(word)) return;
    if (std::ranges::find(kHeaders, word) != kHeaders.end()) {
      read_header(word, value);
    } else if (!current_) {
      begin(word, value);
    } else if (const std::string meant = nearest_name(word, kHeaders); !meant.empty()) {
      complain(line_number_, column_of(word),
               fmt::format("unknown heading '{}'; did you mean '{}'?", word, meant));
    } else if (!any_heading_) {
      begin(word, value);  // what stood before was a remark at the top of the file
    }
  }

  void begin(const std::string& id, std::string_view title) {
    current_.emplace();
    current_->id = id;
    current_->title = title;
    current_->file = file_;
    current_->line = line_number_;
    any_heading_ = false;
    has_class_ = false;
    faulty_ = false;
  }

  void read_header(const std::string& word, std::string_view value) {
    if (!current_) {
      complain(
          line_number_, column_of(word),
          fmt::format("'{}:' before the line that names the invariant ('-- P1: title')", word));
      return;
    }
    any_heading_ = true;
    if (value.empty()) {
      complain(line_number_, column_of(word), fmt::format("'{}:' says nothing", word));
    } else if (word == "class") {
      read_class(value);
    } else if (word == "key") {
      if (!is_name(value)) complain_at(value, "a key is the name of the query's first column");
      current_->key = value;
    } else if (word == "saga") {
      if (highest_parameter(value) != 1)
        complain_at(value, "this query finds a saga by the key ?1");
      current_->saga_sql = value;
    } else if (word == "over") {
      if (highest_parameter(value) != 0) complain_at(value, "this query counts; it has no ?1");
      current_->over_sql = value;
    } else if (word == "finds") {
      if (value != "unended" && value != "left")
        complain_at(value, fmt::format("'{}' is nothing to find: unended or left (sagas)", value));
      current_->finds = value == "left" ? InvariantFinding::kLeft : InvariantFinding::kUnended;
    } else {
      read_changed(value);
    }
  }

  void read_class(std::string_view value) {
    has_class_ = true;
    if (value == "S") {
      current_->when = InvariantClass::kAlways;
    } else if (value == "W") {
      current_->when = InvariantClass::kBetweenSagas;
    } else if (value == "Q") {
      current_->when = InvariantClass::kAtRest;
    } else {
      complain_at(value, fmt::format("'{}' is no class: S (at every instant), W (between sagas) "
                                     "or Q (at rest)",
                                     value));
    }
  }

  // service.table(column), or service.table: SELECT ...
  void read_changed(std::string_view value) {
    const std::size_t end = value.find_first_of("(:");
    const std::string_view table = trim(value.substr(0, end));
    const std::size_t dot = table.find('.');
    if (end == std::string_view::npos || dot == std::string_view::npos ||
        !is_name(table.substr(0, dot)) || !is_name(table.substr(dot + 1))) {
      complain_at(value, "write service.table(column), or service.table: SELECT key ... :column");
      return;
    }
    ChangedRule rule{.table = std::string(table)};
    const std::string_view rest = trim(value.substr(end + 1));
    if (value[end] == '(') {
      const std::string_view column = trim(rest.substr(0, rest.find(')')));
      if (!rest.ends_with(')') || !is_name(column)) {
        complain_at(rest, "in brackets stands the column that holds the key");
        return;
      }
      rule.column = column;
    } else {
      NumberedParameters numbered = number_parameters(rest);
      if (numbered.names.empty()) {
        complain_at(value, "this query uses no column of the changed row (:column)");
        return;
      }
      rule.query = std::move(numbered.sql);
      rule.parameters = std::move(numbered.names);
    }
    current_->changed.push_back(std::move(rule));
  }

  void read_query(std::string_view trimmed) {
    if (!current_) {
      if (!complained_of_query_)
        complain(line_number_, 1, "a query without a line before it that names the invariant");
      complained_of_query_ = !trimmed.ends_with(';');
      return;
    }
    if (sql_.empty()) sql_line_ = line_number_;
    sql_ += line_;
    if (!trimmed.ends_with(';')) {
      sql_ += '\n';
      return;
    }
    sql_.erase(sql_.rfind(';'));
    finish();
  }

  void finish() {
    Invariant& invariant = *current_;
    KeyedQuery query = expand_key(sql_);
    if (highest_parameter(sql_) != 0)
      complain(sql_line_, 1, "write {key EXPRESSION} where the key goes, not a parameter");
    if (!query.mistake.empty()) {
      const std::string_view before = std::string_view(sql_).substr(0, query.mistake_at);
      const auto newlines = static_cast<int>(std::ranges::count(before, '\n'));
      const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
      complain(sql_line_ + newlines, static_cast<int>(query.mistake_at - line_start) + 1,
               query.mistake);
    } else if (invariant.key.empty() && query.places > 0) {
      complain(sql_line_, 1, "{key ...} needs a 'key:' line that names the first column");
    } else if (!invariant.key.empty() && query.places == 0) {
      complain(sql_line_, 1,
               fmt::format("the query does not say where the key '{}' goes: {{key EXPRESSION}}",
                           invariant.key));
    }
    if (!has_class_)
      complain(invariant.line, 1, fmt::format("'{}' has no 'class:' (S, W or Q)", invariant.id));
    if (invariant.finds != InvariantFinding::kBroken &&
        (invariant.when != InvariantClass::kAtRest || invariant.saga_sql.empty()))
      complain(
          invariant.line, 1,
          fmt::format("'{}' finds sagas: that needs 'class: Q' and a 'saga:' line", invariant.id));
    if (invariant.when != InvariantClass::kAtRest && !invariant.key.empty() &&
        invariant.changed.empty())
      complain(
          invariant.line, 1,
          fmt::format("'{}' has a key but no 'changed:' that says when to check it", invariant.id));
    invariant.all_sql = std::move(query.all);
    if (!invariant.key.empty()) invariant.one_sql = std::move(query.one);
    collect_tables(invariant);
    if (!faulty_) result_.invariants.push_back(std::move(invariant));
    current_.reset();
    sql_.clear();
  }

  static void collect_tables(Invariant& invariant) {
    const auto add = [&](const std::string& table) {
      if (std::ranges::find(invariant.tables, table) == invariant.tables.end())
        invariant.tables.push_back(table);
    };
    for (const std::string* sql : {&invariant.all_sql, &invariant.saga_sql, &invariant.over_sql}) {
      for (const std::string& table : tables_in(*sql)) add(table);
    }
    for (const ChangedRule& rule : invariant.changed) {
      add(rule.table);
      for (const std::string& table : tables_in(rule.query)) add(table);
    }
  }

  int column_of(std::string_view piece) const {
    const std::size_t at = line_.find(piece);
    return at == std::string_view::npos ? 1 : static_cast<int>(at) + 1;
  }
  void complain_at(std::string_view piece, std::string sentence) {
    complain(line_number_, static_cast<int>(piece.data() - line_.data()) + 1, std::move(sentence));
  }
  void complain(int line, int column, std::string sentence) {
    faulty_ = true;
    result_.mistakes.push_back({file_, line, column, std::move(sentence)});
  }

  std::string_view text_;
  const std::string& file_;
  std::string_view line_;
  int line_number_ = 0;
  std::optional<Invariant> current_;
  bool any_heading_ = false;
  bool has_class_ = false;
  bool faulty_ = false;
  bool complained_of_query_ = false;
  std::string sql_;
  int sql_line_ = 0;
  InvariantFile result_;
};

}  // namespace

std::string to_text(const InvariantMistake& mistake) {
  return fmt::format("{}:{}:{}: {}", mistake.file, mistake.line, mistake.column, mistake.sentence);
}

InvariantFile parse_invariants(std::string_view text, const std::string& file) {
  return Parser(text, file).run();
}

}  // namespace soundcheck
