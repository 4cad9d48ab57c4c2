#!/bin/bash
# Installs what is missing of the Debian packages in scripts/packages.txt, and asks nothing.
#
#   scripts/bootstrap.sh [SECTION...]      default: build
#
# Root installs with apt-get; anybody else with `sudo -n`, and where that is not allowed the exact command is printed and
# the exit code is 2. When everything is there it only looks, which takes a tenth of a second.
# SOUNDCHECK_ANY_DISTRIBUTION=1 goes on where this was never tried: anything but Debian 12.
source "$(dirname "$(readlink -f "$0")")/common.sh"

tested="Debian 12 (bookworm)"

# Prints the packages of the sections given.
packages_of() {
  local section="" line
  while IFS= read -r line; do
    line=${line%%#*}
    line=${line//[[:space:]]/}
    case $line in
      "") ;;
      "["*"]") section=${line:1:-1} ;;
      *) [[ " $* " == *" $section "* ]] && echo "$line" ;;
    esac
  done <scripts/packages.txt
  return 0
}

# Prints those of the packages given that are not installed.
missing_of() {
  local package
  for package in "$@"; do
    if [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
      echo "$package"
    fi
  done
}

refuse_other_distributions() {
  local name
  name=$(. /etc/os-release 2>/dev/null && echo "${ID:-unknown} ${VERSION_ID:-}") || name=unknown
  [[ $name == "debian 12" || ${SOUNDCHECK_ANY_DISTRIBUTION:-} == 1 ]] && return
  cat >&2 <<END
This is '$name'; Soundcheck was tested on $tested only.
To go on all the same, with the packages of the same names where apt-get has them, run again with

  export SOUNDCHECK_ANY_DISTRIBUTION=1

CMake then checks the versions of the compiler and of the libraries.
END
  exit 2
}

# apt-get's lists may be old or absent: update first. A mirror may stumble: try twice. One broken third-party source must
# not stop us, so only the installation's own result counts.
install_packages() {
  local attempt
  for attempt in 1 2; do
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 update ||
      echo "apt-get update failed (attempt $attempt); trying with the lists there are"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -o DPkg::Lock::Timeout=300 \
      install -y --no-install-recommends "$@" && return 0
    sleep 3
  done
  return 1
}

refuse_other_distributions
sections=("${@:-build}")
mapfile -t wanted < <(packages_of "${sections[@]}")
if ((${#wanted[@]} == 0)); then
  echo "scripts/packages.txt has no section '${sections[*]}'" >&2
  exit 2
fi
if ! command -v dpkg-query >/dev/null; then
  echo "No dpkg here, so nothing is installed. Needed, under whatever name: ${wanted[*]}" >&2
  exit 0
fi
mapfile -t missing < <(missing_of "${wanted[@]}")
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
  if ! sudo -n true 2>/dev/null; then
    cat >&2 <<END
${#missing[@]} packages are missing, and installing them needs root. Run this as root, then start again:

  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}

END
    exit 2
  fi
  as_root=(sudo -n)
fi
step "Installing missing Debian packages (${#missing[@]})" install_packages "${missing[@]}"
