// The clock of a server under test, preloaded into its process: it creeps, and moves when told to.
// Only the time of day does so; what programs wait by (CLOCK_MONOTONIC) goes on as ever.
//
// The file named by LIVE_CLOCK holds two 64-bit numbers: the time of day, in nanoseconds since
// 1970, at the real time that follows it. A second of that clock takes kRate real seconds.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t kRate = 20;  // as in server.py
static const int64_t kSecond = 1000000000;
static const volatile int64_t* shared;
static int (*real_clock_gettime)(clockid_t, struct timespec*);

__attribute__((constructor)) static void open_clock(void) {
  real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  const char* name = getenv("LIVE_CLOCK");
  const int file = name ? open(name, O_RDONLY) : -1;
  if (file < 0) return;
  void* memory = mmap(NULL, 16, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (memory != MAP_FAILED) shared = memory;
}

int clock_gettime(clockid_t id, struct timespec* time) {
  if (!real_clock_gettime) real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  const int result = real_clock_gettime(id, time);
  const int is_day = id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE;
  if (result != 0 || !shared || !is_day) return result;
  const int64_t real = time->tv_sec * kSecond + time->tv_nsec;
  const int64_t now = shared[0] + (real - shared[1]) / kRate;
  time->tv_sec = now / kSecond;
  time->tv_nsec = now % kSecond;
  return 0;
}

int gettimeofday(struct timeval* restrict time, void* restrict zone) {
  (void)zone;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* result) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return (time_t)-1;
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}
