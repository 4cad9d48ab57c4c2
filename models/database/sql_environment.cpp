#include "models/database/sql_environment.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "models/database/sqlite_api.hpp"
#include "sim/core/assert.hpp"

namespace soundcheck {
namespace {

constexpr std::int64_t kUnixEpochInJulianMilliseconds = 210'866'760'000'000;

// SQLite for one thread and without statistics of its memory; both cost time at every statement.
void start_sqlite() {
  static const bool started = [] {
    // Refused if something else in the program has used SQLite before; then it is only slower.
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    const bool ready = sqlite3_initialize() == SQLITE_OK;
    sqlite3_test_control(SQLITE_TESTCTRL_LOCALTIME_FAULT, 1);  // local time is always "unavailable"
    return ready;
  }();
  SOUNDCHECK_ASSERT(started, "SQLite does not start");
}

SqlEnvironment& environment_of(sqlite3_context* call) {
  return *static_cast<SqlEnvironment*>(sqlite3_user_data(call));
}

void true_time(sqlite3_context* call, int, sqlite3_value**) {
  sqlite3_result_int64(call, environment_of(call).now().in_milliseconds());
}

void commit_seq(sqlite3_context* call, int, sqlite3_value**) {
  sqlite3_result_int64(call, static_cast<std::int64_t>(environment_of(call).next_commit()));
}

void random_integer(sqlite3_context* call, int, sqlite3_value**) {
  auto& random = *static_cast<RandomStream*>(sqlite3_user_data(call));
  sqlite3_result_int64(call, static_cast<std::int64_t>(random.bits()));
}

void random_blob(sqlite3_context* call, int, sqlite3_value** arguments) {
  auto& random = *static_cast<RandomStream*>(sqlite3_user_data(call));
  const auto size = std::clamp<std::int64_t>(sqlite3_value_int64(arguments[0]), 1, 1'000'000);
  std::string bytes(static_cast<std::size_t>(size), '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.bits() >> 56);
  sqlite3_result_blob(call, bytes.data(), static_cast<int>(size), SQLITE_TRANSIENT);
}

}  // namespace

// SQLite asks its file system layer what time it is: this one answers with the simulation's.
struct SqlEnvironment::ClockedVfs : sqlite3_vfs {
  explicit ClockedVfs(const SqlEnvironment& owner)
      : sqlite3_vfs(*sqlite3_vfs_find(nullptr)), environment(owner) {
    static std::uint64_t made = 0;
    name = "soundcheck-" + std::to_string(++made);
    zName = name.c_str();
    xCurrentTimeInt64 = [](sqlite3_vfs* self, sqlite3_int64* result) {
      const auto now = static_cast<ClockedVfs*>(self)->environment.now();
      *result = kUnixEpochInJulianMilliseconds + now.in_milliseconds();
      return SQLITE_OK;
    };
    xCurrentTime = [](sqlite3_vfs* self, double* result) {
      sqlite3_int64 milliseconds = 0;
      self->xCurrentTimeInt64(self, &milliseconds);
      *result = static_cast<double>(milliseconds) / 86'400'000.0;
      return SQLITE_OK;
    };
    sqlite3_vfs_register(this, 0);
  }
  ClockedVfs(const ClockedVfs&) = delete;
  ClockedVfs& operator=(const ClockedVfs&) = delete;
  ~ClockedVfs() { sqlite3_vfs_unregister(this); }

  const SqlEnvironment& environment;
  std::string name;
};

SqlEnvironment::SqlEnvironment(std::function<Time()> clock, RandomStream random)
    : clock_(std::move(clock)), random_(random) {
  start_sqlite();
  vfs_ = std::make_unique<ClockedVfs>(*this);
}

SqlEnvironment::~SqlEnvironment() = default;

const char* SqlEnvironment::vfs_name() const {
  return vfs_->zName;
}

void SqlEnvironment::add_functions_to(sqlite3* database) {
  struct Function {
    const char* name;
    int arguments;
    void* data;
    void (*call)(sqlite3_context*, int, sqlite3_value**);
  };
  const std::array<Function, 4> functions{{{"true_time", 0, this, true_time},
                                           {"commit_seq", 0, this, commit_seq},
                                           {"random", 0, &random_, random_integer},
                                           {"randomblob", 1, &random_, random_blob}}};
  for (const Function& function : functions) {
    const int code =
        sqlite3_create_function_v2(database, function.name, function.arguments, SQLITE_UTF8,
                                   function.data, function.call, nullptr, nullptr, nullptr);
    SOUNDCHECK_ASSERT(code == SQLITE_OK, "{}(): {}", function.name, sqlite3_errstr(code));
  }
}

}  // namespace soundcheck
