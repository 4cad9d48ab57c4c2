#pragma once

#include <memory>
#include <string_view>

#include "sim/core/random.hpp"
#include "sim/core/result.hpp"
#include "sim/core/time.hpp"
#include "sim/env/completion.hpp"
#include "sim/env/context.hpp"
#include "sim/env/failpoint.hpp"
#include "sim/env/idling.hpp"
#include "sim/env/payload.hpp"
#include "sim/env/rpc.hpp"
#include "sim/env/scope.hpp"
#include "sim/env/task_effects.hpp"
#include "sim/env/transaction.hpp"
#include "sim/events/event.hpp"

namespace soundcheck {

struct Nothing {};  // what a wait without a value completes with

using TransactionOutcome = Result<std::unique_ptr<TransactionBody>>;

// What stands behind Env: the simulated machine room. Each operation completes its slot later with
// the type named here, or never, if the process dies first. Another implementation may serve the
// same logic for real.
class Runtime {
 public:
  virtual ~Runtime() = default;

  virtual Completions& completions() = 0;
  // Completes with Result<Payload>: the reply of the callee, or why there is none.
  // `method` stays where it is for the whole run: methods may be known by its address.
  virtual void call(const ContextRef& context, const RpcName& method, Payload request,
                    const CallOptions& options, SlotRef reply) = 0;
  // On the process' own database. Completes with TransactionOutcome: the body with its result
  // inside, or the database's failure. A body that asked for a rollback comes back all the same.
  virtual void transact(const ContextRef& context, std::unique_ptr<TransactionBody> body,
                        const TransactOptions& options, SlotRef done) = 0;
  virtual void compute(const ContextRef& context, Duration work,
                       SlotRef done) = 0;  // completes with Nothing
  virtual void sleep(const ContextRef& context, Duration duration,
                     SlotRef done) = 0;  // completes with Nothing
  // Null: every wait and every repetition happens.
  virtual Idling* idling() { return nullptr; }
  // Null: nobody keeps the books of what tasks of workflows have done.
  virtual TaskEffects* task_effects() { return nullptr; }
  virtual Time clock(
      const RequestContext& context) = 0;  // the process' own clock: clock faults may skew it
  // The process' own stream of random numbers.
  virtual RandomStream& random(const RequestContext& context) = 0;
  // Another one of the process, for one purpose: from its beginning each time.
  virtual RandomStream stream(const RequestContext& context, std::string_view purpose) = 0;
  // Tells the event stream; time and process are filled in.
  virtual void emit(const RequestContext& context, Event event) = 0;
  // The process reaches a failpoint: what a fault decides there. One that is killed goes on to its
  // next await, and no further.
  virtual Verdict failpoint(const RequestContext&, Failpoint) { return {}; }
  virtual NameId intern(std::string_view name) = 0;
  virtual std::string_view name_of(NameId name) = 0;
};

}  // namespace soundcheck
