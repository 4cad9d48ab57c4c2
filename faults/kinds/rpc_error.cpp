#include "faults/kinds.hpp"
#include "sim/core/http_status.hpp"

namespace soundcheck {
namespace {

// What the error stands in place of.
enum class RpcErrorReplaced : std::uint8_t { kRequest, kReply };

struct RpcErrorSettings {
  std::int32_t status = 503;
  Probability probability = Probability::always();
  RpcErrorReplaced replaces = RpcErrorReplaced::kRequest;
  static const ParameterTable<RpcErrorSettings>& parameters();
};

}  // namespace

template <>
struct ParameterChoices<RpcErrorReplaced> {
  static constexpr ParameterChoice<RpcErrorReplaced> kChoices[] = {
      {RpcErrorReplaced::kRequest, "request", "the service never sees the request"},
      {RpcErrorReplaced::kReply, "reply",
       "the service has done the work, the caller hears of an error"}};
};

namespace {

const ParameterTable<RpcErrorSettings>& RpcErrorSettings::parameters() {
  static const auto table =
      ParameterTable<RpcErrorSettings>(
          "rpc.error",
          "Requests are answered with an error status in place of the service, as by a proxy in "
          "front of it. Behind a reply that was replaced, the work is done all the same.")
          .optional("status", &RpcErrorSettings::status, "HTTP status of the answer",
                    between(kFirstHttpError, kLastHttpError))
          .optional("probability", &RpcErrorSettings::probability, "of each request to be hit")
          .optional("replaces", &RpcErrorSettings::replaces,
                    "request: the service never sees it; reply: the service has done the work");
  return table;
}

Verdict rpc_error_with(int status) {
  return {.action = Verdict::Action::kFail,
          .delay = {},
          .code = error_code_of_http_status(status),
          .http_status = static_cast<std::uint16_t>(status)};
}

class RpcErrorInjection final : public Injection, public FailpointWatcher {
 public:
  explicit RpcErrorInjection(const InjectionSite& site)
      : world_(site.world),
        settings_(site.settings.as<RpcErrorSettings>()),
        random_(site.random),
        method_(site.victims.method),
        is_caller_(site.world.process_count()),
        is_callee_(site.world.process_count()),
        armed_(site.world.failpoints(),
               settings_.replaces == RpcErrorReplaced::kRequest ? Failpoint::kRpcRequestArrived
                                                                : Failpoint::kRpcReplyReady,
               *this) {
    for (const ProcessId process : site.victims.from) is_caller_[process.index()] = true;
    for (const ProcessId process : site.victims.to) is_callee_[process.index()] = true;
  }

  Verdict at_failpoint(const FailpointContext& at) override {
    if (!at.peer.valid()) return {};  // a task that was polled for: nobody has sent it
    if (!is_callee_[at.process.index()] || !is_caller_[at.peer.index()]) return {};
    if (!world_.running(at.process)) return {};  // another fault has just killed it
    if (method_.valid() && at.method != method_) return {};
    if (!random_.chance(settings_.probability.value())) return {};
    const Verdict verdict = rpc_error_with(settings_.status);
    emit_failpoint_fired(world_, at, verdict);
    ++errors_;
    return verdict;
  }
  std::uint64_t effects() const override { return errors_; }

 private:
  World& world_;
  const RpcErrorSettings& settings_;
  RandomStream random_;
  NameId method_;
  std::vector<bool> is_caller_;
  std::vector<bool> is_callee_;
  std::uint64_t errors_ = 0;
  ArmedFailpoint armed_;
};

Verdict aimed_rpc_error(const VerdictSite& site) {
  const auto& settings = site.settings.as<RpcErrorSettings>();
  if (!site.random.chance(settings.probability.value())) return {};
  return rpc_error_with(settings.status);
}

// Statuses that say nothing of what was done go with any aim.
Settings sample_rpc_error(RandomStream& random) {
  static constexpr std::int32_t kStatuses[] = {500, 502, 503, 504};
  Settings settings(RpcErrorSettings::parameters());
  auto& drawn = settings.edit<RpcErrorSettings>();
  drawn.status = kStatuses[random.below(std::size(kStatuses))];
  drawn.probability = Probability::percent(1 + static_cast<double>(random.below(100)));
  return settings;
}

void check_rpc_error(const FaultSpec& spec, std::vector<FaultProblem>& problems) {
  const auto& settings = spec.settings.as<RpcErrorSettings>();
  if (settings.probability == Probability::never())
    problems.push_back({"probability", "with 0 % nothing is hit", "leave it out: every request"});
  bool replaces_reply = settings.replaces == RpcErrorReplaced::kReply;
  if (spec.when) {
    const Failpoint at = spec.when->phase.value_or(AimPoint{}).failpoint;
    replaces_reply = at == Failpoint::kRpcReplyReady || at == Failpoint::kRpcReplyArrived;
    replaces_reply = replaces_reply || !spec.when->phase;
    if (settings.replaces == RpcErrorReplaced::kReply) {
      problems.push_back({"replaces", "the phase of an aimed rpc.error says what is replaced",
                          "use phase before for the request, before-reply for the reply"});
    }
  }
  if (replaces_reply && is_http_client_error(settings.status)) {
    problems.push_back({"status",
                        fmt::format("{} says that nothing was done, but behind a reply that is "
                                    "replaced the work is done",
                                    settings.status),
                        "use 500 or more"});
  }
}

}  // namespace

const FaultDefinition& fault_kind::rpc_error() {
  static const FaultDefinition kind{.name = "rpc.error",
                                    .parameters = &RpcErrorSettings::parameters(),
                                    .reach = Reach::kCalls,
                                    .may_break = Guarantees::none(),
                                    .verdicts = VerdictSet(Verdict::Action::kFail),
                                    .aims_at = "rpc.",
                                    .inject = [](InjectionSite site) -> std::unique_ptr<Injection> {
                                      return std::make_unique<RpcErrorInjection>(site);
                                    },
                                    .verdict = aimed_rpc_error,
                                    .sample = sample_rpc_error,
                                    .check = check_rpc_error};
  return kind;
}

}  // namespace soundcheck
