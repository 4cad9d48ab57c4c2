#include "models/orchestrator/scripts/jq_filter.hpp"

extern "C" {
#include <jq.h>
#include <jv.h>
}

#include <memory>

namespace soundcheck::conductor {

namespace {

constexpr const char* kPureWorld =
    "def now: error(\"now is not available: runs must be repeatable\"); def env: {}; "
    "def input: error(\"No more inputs\"); def inputs: empty; def debug: .; def stderr: .; "
    "def input_filename: null; def input_line_number: 0; def localtime: gmtime; "
    "def strflocaltime(format): strftime(format); ";

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

}  // namespace

std::expected<std::string, std::string> run_jq(const std::string& filter,
                                               const std::string& input) {
  struct Teardown {
    void operator()(jq_state* state) const { jq_teardown(&state); }
  };
  const std::unique_ptr<jq_state, Teardown> owner(jq_init());
  jq_state* state = owner.get();
  if (!state) return std::unexpected("not enough memory for jq");
  std::string error;
  jq_set_error_cb(state, collect_error, &error);
  if (!jq_compile(state, (kPureWorld + filter).c_str())) {
    return std::unexpected(error.empty() ? "the filter is no jq" : error);
  }
  const jv value = jv_parse_sized(input.data(), static_cast<int>(input.size()));
  if (!jv_is_valid(value)) return std::unexpected("jq cannot read its input: " + error_of(value));
  jq_start(state, value, 0);
  std::string results = "[";
  for (;;) {
    const jv result = jq_next(state);
    if (!jv_is_valid(result)) {
      std::string failure = error_of(result);
      if (!failure.empty()) return std::unexpected(std::move(failure));
      break;
    }
    if (results.size() > 1) results += ",";
    results += text_of(result);
  }
  return results + "]";
}

}  // namespace soundcheck::conductor
