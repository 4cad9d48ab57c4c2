# Shared by the scripts beside it: source it, do not run it. Goes to the repository's root, defines `step` and `jobs`.
set -euo pipefail
export LC_ALL=C.UTF-8

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"
log=$root/build/log/$(basename "$0" .sh).log
mkdir -p "$(dirname "$log")"
: >"$log"

# step TEXT COMMAND...: one line on the screen with the time it took, the command's own output in the log. On a terminal
# the line also counts Ninja's [done/total]. A command that fails ends the script with its exit code and the log's tail.
step() {
  local text=$1 start=$SECONDS code=0
  shift
  printf '%-58s' "$text"
  printf '\n### %s\n' "$text" >>"$log"
  if [[ -t 1 ]]; then
    "$@" </dev/null 2>&1 | tee -a "$log" | count_up "$text" || code=$?
  else
    "$@" </dev/null >>"$log" 2>&1 || code=$?
  fi
  if ((code)); then
    printf ' failed after %d s\n' $((SECONDS - start))
    printf '\nThe first errors and the end of %s:\n' "$log" >&2
    grep -E -m 3 '(error|Error|FAILED): ' "$log" >&2 || true
    printf '...\n' >&2
    tail -n 40 "$log" >&2
    exit "$code"
  fi
  printf ' %4d s\n' $((SECONDS - start))
}

count_up() {
  local text=$1 line
  while IFS= read -r line; do
    if [[ $line =~ ^\[[0-9]+/[0-9]+\] ]]; then
      printf '\r%-58s %-12s' "$text" "${BASH_REMATCH[0]}"
    fi
  done
  printf '\r\033[K%-58s' "$text"
}

# How many compilers fit: one a processor, but a gigabyte of free memory for each (a unity batch takes up to that).
jobs() {
  local cores key kilobytes rest
  cores=$(nproc)
  while read -r key kilobytes rest; do
    if [[ $key == MemAvailable: ]] && ((cores > kilobytes / 1048576)); then
      cores=$((kilobytes / 1048576))
    fi
  done </proc/meminfo
  echo $((cores > 0 ? cores : 1))
}

# configure PRESET: only when there is no finished build.ninja, or the presets are newer (Ninja notices all other changes).
configure() {
  if [[ ! build/$1/build.ninja -nt CMakePresets.json ]]; then
    step "Configuring the $1 build" cmake --preset "$1"
  fi
}

# build PRESET TEXT TARGET...
build() {
  local preset=$1 text=$2
  shift 2
  step "$text" cmake --build --preset "$preset" --parallel "$(jobs)" --target "$@"
}
