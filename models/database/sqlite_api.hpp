#pragma once

// The only way to SQLite's header: Debian's library is built with the preupdate hook, and the
// header declares it to whoever asks before it is included first.
#define SQLITE_ENABLE_PREUPDATE_HOOK
#include <sqlite3.h>
