#include "models/rpc/policies/admission.hpp"

namespace soundcheck {

namespace admissions {
#define SOUNDCHECK_ADMISSION(function, name) StrategyKind function();
#include "models/rpc/policies/admissions.def"
#undef SOUNDCHECK_ADMISSION
}  // namespace admissions

const StrategyFamily& Admission::family() {
  static const StrategyFamily family("admission", "token-bucket", StrategyStyle::kText,
                                     {
#define SOUNDCHECK_ADMISSION(function, name) {name, admissions::function()},
#include "models/rpc/policies/admissions.def"
#undef SOUNDCHECK_ADMISSION
                                     });
  return family;
}

}  // namespace soundcheck
