#pragma once

#include <utility>

#include "models/outside/psp/api.hpp"
#include "sim/env/env.hpp"

namespace soundcheck::payments {

// An operation at the bank. When an earlier attempt may have got there, its outcome is asked for
// first: the key alone protects for 24 hours only.
template <class Request>
Task<Result<psp::Answer>> ask_bank(Env env, Request request, bool repeated) {
  if (repeated && !request.key.empty()) {
    psp::Status question{.key = request.key};
    Result<psp::KeyStatus> status = co_await env.call(std::move(question));
    if (!status) co_return std::unexpected(status.error());
    if (status->known) co_return std::move(status->answer);
  }
  Result<psp::Answer> answer = co_await env.call(std::move(request));
  co_return answer;
}

}  // namespace soundcheck::payments
