#include "models/scripts/helper/jq_filter.hpp"

extern "C" {
#include <jq.h>
#include <jv.h>
}

#include <memory>

namespace soundcheck::scripts {

namespace {

// $ENV is bound here also because libjq 1.6 frees its own one once too often.
constexpr const char* kPureWorld =
    "def now: error(\"now is not available: runs must be repeatable\"); def env: {}; "
    "def input: error(\"No more inputs\"); def inputs: empty; def debug: .; def stderr: .; "
    "def input_filename: null; def input_line_number: 0; def localtime: gmtime; "
    "def strflocaltime(format): strftime(format); "
    // Bessel functions, which no library gives with the same bits on every processor.
    "def j0: error(\"j0 is not available: runs must be repeatable\"); "
    "def j1: error(\"j1 is not available: runs must be repeatable\"); "
    "def y0: error(\"y0 is not available: runs must be repeatable\"); "
    "def y1: error(\"y1 is not available: runs must be repeatable\"); "
    "def jn(order; x): error(\"jn is not available: runs must be repeatable\"); "
    "def yn(order; x): error(\"yn is not available: runs must be repeatable\"); "
    "{} as $ENV | ";

void collect_error(void* data, jv message) {
  auto& text = *static_cast<std::string*>(data);
  const jv shown = jq_format_error(message);
  if (text.empty()) text = jv_string_value(shown);
  jv_free(shown);
}

std::string text_of(jv value) {
  const jv dumped = jv_dump_string(value, 0);
  std::string text(jv_string_value(dumped),
                   static_cast<std::size_t>(jv_string_length_bytes(jv_copy(dumped))));
  jv_free(dumped);
  return text;
}

// The message of an invalid value; empty if it only says "nothing more".
std::string error_of(jv invalid) {
  const jv message = jv_invalid_get_msg(invalid);
  std::string text;
  if (jv_get_kind(message) == JV_KIND_STRING) {
    text = jv_string_value(message);
  } else if (jv_is_valid(message) && jv_get_kind(message) != JV_KIND_NULL) {
    text = text_of(jv_copy(message));
  }
  jv_free(message);
  return text;
}

constexpr std::size_t kMostCompiled = 32;

}  // namespace

struct JqFilters::Compiled {
  Compiled() : state(jq_init()) {
    if (state) jq_set_error_cb(state, collect_error, &error);
  }
  ~Compiled() {
    if (state) jq_teardown(&state);
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  jq_state* state;
  std::string error;  // what libjq reported last
};

JqFilters::JqFilters() = default;
JqFilters::~JqFilters() = default;

JqFilters::Compiled* JqFilters::compiled(const std::string& filter, std::string& error) {
  if (const auto known = compiled_.find(filter); known != compiled_.end())
    return known->second.get();
  auto fresh = std::make_unique<Compiled>();
  if (!fresh->state) {
    error = "not enough memory for jq";
    return nullptr;
  }
  if (!jq_compile(fresh->state, (kPureWorld + filter).c_str())) {
    error = fresh->error.empty() ? "the filter is no jq" : fresh->error;
    return nullptr;
  }
  if (compiled_.size() >= kMostCompiled) compiled_.clear();
  return compiled_.emplace(filter, std::move(fresh)).first->second.get();
}

ScriptResult JqFilters::run(const std::string& filter, const std::string& input) {
  std::string error;
  Compiled* const found = compiled(filter, error);
  if (found == nullptr) return ScriptResult::error(std::move(error));
  jq_state* state = found->state;
  const jv value = jv_parse_sized(input.data(), static_cast<int>(input.size()));
  if (!jv_is_valid(value))
    return ScriptResult::error("jq cannot read its input: " + error_of(value));
  jq_start(state, value, 0);
  std::string results = "[";
  for (;;) {
    const jv result = jq_next(state);
    if (!jv_is_valid(result)) {
      std::string failure = error_of(result);
      if (!failure.empty()) return ScriptResult::error(std::move(failure));
      break;
    }
    if (results.size() > 1) results += ",";
    results += text_of(result);
  }
  return ScriptResult::value(results + "]");
}

}  // namespace soundcheck::scripts
