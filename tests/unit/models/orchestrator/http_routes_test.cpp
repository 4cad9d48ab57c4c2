#include "models/orchestrator/service/http_routes.hpp"

#include <gtest/gtest.h>

#include "models/blueprint/blueprint.hpp"

namespace soundcheck::orchestrator {
namespace {

struct Captured {
  std::string receipt;
  static constexpr auto fields() { return std::tuple{field("receipt", &Captured::receipt)}; }
};
struct Capture {
  static constexpr RpcName rpc{"payments", "capture", "POST /payments/{payment_id}/captures"};
  using Reply = Captured;
  std::string payment_id;
  std::int64_t amount = 0;
  static constexpr auto fields() {
    return std::tuple{field("payment_id", &Capture::payment_id), field("amount", &Capture::amount)};
  }
};
class Payments final : public Service {
 public:
  Task<Result<Captured>> capture(Env, Capture) { co_return Captured{}; }
};

class HttpRoutesTest : public testing::Test {
 protected:
  HttpRoutesTest() {
    ServiceBlueprint blueprint;
    blueprint.handles<&Payments::capture>();
    for (const MethodBinding& method : blueprint.methods) routes_.add(method);
    MethodBinding declared;
    declared.name = RpcName{"search", "find", ""};
    routes_.add(declared);
  }

  static Json request(const char* method, const char* uri, Json body = nullptr) {
    return Json::object({{"method", method}, {"uri", uri}, {"body", std::move(body)}});
  }
  int refusal(const Json& request) const { return routes_.resolve(request).error().status; }

  HttpRoutes routes_;
};

TEST_F(HttpRoutesTest, FillsTheRequestFromBodyPathAndQuery) {
  for (const Json& way :
       {request("POST", "http://payments:8080/payments/p1/captures", {{"amount", 1099}}),
        request("post", "https://payments/payments/p1/captures/?amount=1099", nullptr)}) {
    auto call = routes_.resolve(way);
    ASSERT_TRUE(call.has_value()) << way;
    EXPECT_EQ(call->method->method, "capture");
    const Capture& capture = call->request.get<Capture>();
    EXPECT_EQ(capture.payment_id, "p1");
    EXPECT_EQ(capture.amount, 1099);
  }
}

TEST_F(HttpRoutesTest, ADeclaredServiceAnswersUnderTheNameOfItsEndpoint) {
  const auto call = routes_.resolve(request("GET", "http://search/find?q=blue"));
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->method->service, "search");
  EXPECT_TRUE(call->request.empty());
}

TEST_F(HttpRoutesTest, RefusesAsAnHttpServerDoes) {
  EXPECT_EQ(refusal(request("POST", "http://nobody/find")), 0);
  EXPECT_EQ(refusal(request("POST", "http://payments/refunds")), 404);
  EXPECT_EQ(refusal(request("POST", "http://payments")), 404);
  EXPECT_EQ(refusal(request("GET", "http://payments/payments/p1/captures")), 405);
  EXPECT_EQ(refusal(request("POST", "http://payments/payments/p1/captures", {{"amount", "much"}})),
            400);
}

}  // namespace
}  // namespace soundcheck::orchestrator
