#pragma once

#include <deque>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "sim/env/service.hpp"

namespace soundcheck::orchestrator {

// The services of the simulation as an HTTP client finds them: http://payments/captures is what the
// service `payments` answers under its path /captures, whatever port is written. A service that
// scenarios declare answers under the names of its endpoints, with any method.
class HttpRoutes {
 public:
  void add(const MethodBinding& method);

  struct Call {
    const RpcName*
        method;  // stays where it is, as the runtime knows methods by their name's address
    Payload request;
  };
  // Why there is no call: nobody has this host name, or the service has no such path or cannot read
  // the request; then with the status it answers.
  struct Refusal {
    int status = 0;  // 0: no answer at all
    std::string text;
  };
  // `request` is the http_request of a task: uri, method, body. The body's members, the values of
  // {names} in the path, and query parameters become the fields of the service's request.
  std::expected<Call, Refusal> resolve(const Json& request) const;

 private:
  struct Route {
    MethodBinding method;
    std::string verb;  // "POST"; empty: any
    std::vector<std::string> path;
  };
  std::deque<Route> routes_;
};

}  // namespace soundcheck::orchestrator
