#include "models/sagas/sagas.hpp"

namespace soundcheck::sagas {

std::vector<Saga> sagas() {
  return {
      {"subscribe", {"subscribe.json", "subscribe_undo.json", "raise_alarm.json"}},
  };
}

std::string_view task_definitions() {
  return document("tasks.json");
}

}  // namespace soundcheck::sagas
