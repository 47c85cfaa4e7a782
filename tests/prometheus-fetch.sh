#!/usr/bin/env bash
# Puts the program of a real Prometheus into a cache folder, once per machine, from Debian's package, and prints its path. The package is
# unpacked and not installed: no root, and no service of the system's that runs. Does nothing when it is there.
#
# MESHCANARY_CACHE is the folder, by default ~/.cache/meshcanary.
set -euo pipefail

home=${MESHCANARY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/meshcanary}/prometheus
program=$home/usr/bin/prometheus

fail() {
  echo "prometheus-fetch: $1" >&2
  echo "prometheus-fetch: or set MESHCANARY_PROMETHEUS to the path of a prometheus, 2.40 or later." >&2
  exit 1
}

if [ ! -x "$program" ]; then
  command -v apt-get >/dev/null 2>&1 || fail "there is no apt-get here to fetch it with."
  mkdir -p "$home"
  # Two sessions on one machine fetch once; the second waits.
  exec 9>"$home/lock"
  flock 9
  if [ ! -x "$program" ]; then
    work=$(mktemp -d "$home/work.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    cd "$work"
    echo "prometheus-fetch: fetching Debian's package prometheus" >&2
    if ! apt-get -qq download prometheus >&2; then
      if [ "$(id -u)" -eq 0 ]; then apt-get -qq update >&2; else sudo -n apt-get -qq update >&2; fi || fail "apt knows no package prometheus and its lists could not be updated."
      apt-get -qq download prometheus >&2 || fail "apt could not fetch the package prometheus."
    fi
    dpkg -x prometheus_*.deb root
    mkdir -p "$home/usr/bin"
    mv root/usr/bin/prometheus "$program"
  fi
fi

"$program" --version >/dev/null 2>&1 || fail "$program does not run here."
echo "$program"
