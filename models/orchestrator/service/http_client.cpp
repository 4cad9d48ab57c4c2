#include "models/orchestrator/service/http_client.hpp"

#include "sim/core/http_status.hpp"

namespace soundcheck::orchestrator {
namespace {

// Of Conductor's HttpTask.Input.
constexpr std::int64_t kUsualReadTimeoutMilliseconds = 3'000;
// Of Apache HttpClient's DefaultHttpRequestRetryStrategy, which Conductor's HTTP task inherits: a
// 503 is tried once more by itself, beside the retries of the task definition.
constexpr int kServiceUnavailable = 503;
constexpr Duration kPauseAfterServiceUnavailable = 1_s;

struct StartHttpCall {
  HttpRoutes::Call call;
  CallOptions options;
  void operator()(Runtime& runtime, const ContextRef& context, SlotRef slot) {
    runtime.call(context, *call.method, std::move(call.request), options, slot);
  }
  static Result<Payload> finish(Result<Payload> reply) { return reply; }
};

Duration read_timeout_of(const Json& request) {
  const auto found = request.find("readTimeOut");
  const bool given = found != request.end() && found->is_number_integer() && *found > 0;
  return Duration::milliseconds(given ? found->get<std::int64_t>() : kUsualReadTimeoutMilliseconds);
}

conductor::HttpAnswer answer_with(int status, Json body) {
  conductor::HttpAnswer answer;
  answer.status_code = status;
  answer.reason_phrase = http_phrase_of(status);
  answer.body = std::move(body);
  return answer;
}

conductor::HttpAnswer no_answer(std::string text) {
  conductor::HttpAnswer answer;
  answer.answered = false;
  answer.text = std::move(text);
  return answer;
}

// What the client's exception says when no answer has come.
std::string_view exception_text_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kTimeout:
    case ErrorCode::kDeadlineExceeded:
      return "Read timed out";
    case ErrorCode::kConnectionRefused:
      return "Connection refused";
    case ErrorCode::kConnectionReset:
      return "Connection reset";
    default:
      return name_of(code);
  }
}

conductor::HttpAnswer answer_of(const Result<Payload>& reply) {
  if (reply) return answer_with(kHttpOk, reply->to_json());
  const Error& error = reply.error();
  if (error.http_status == 0) return no_answer(std::string(exception_text_of(error.code)));
  return answer_with(error.http_status, Json::object({{"message", error.text}}));
}

}  // namespace

Task<conductor::HttpAnswer> call_service(Env env, const HttpRoutes& routes, Json request) {
  conductor::HttpAnswer answer;
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto call = routes.resolve(request);
    if (!call) {
      const HttpRoutes::Refusal& refusal = call.error();
      co_return refusal.status == 0
          ? no_answer(refusal.text)
          : answer_with(refusal.status, Json::object({{"message", refusal.text}}));
    }
    if (attempt > 0) co_await env.sleep(kPauseAfterServiceUnavailable);
    CallOptions options;
    options.timeout = read_timeout_of(request);
    Result<Payload> reply = co_await CompletionAwaiter<Result<Payload>, StartHttpCall>(
        env.context(), {std::move(*call), options});
    answer = answer_of(reply);
    if (!answer.answered || answer.status_code != kServiceUnavailable) break;
  }
  co_return answer;
}

}  // namespace soundcheck::orchestrator
