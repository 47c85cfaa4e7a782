#!/usr/bin/env bash
# A Kubernetes cluster for a person: the one that the tests in tests/Cluster run on.
#
#   tests/cluster.sh up             starts it in the background and says how to reach it
#   tests/cluster.sh env            prints the line that makes kubectl use it:  eval "$(tests/cluster.sh env)"
#   tests/cluster.sh kubectl ...    runs kubectl on it
#   tests/cluster.sh run COMMAND    runs a command where pods and Services have their addresses and names
#   tests/cluster.sh down           ends it; it ends nothing else
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

state=${MESHCANARY_CLUSTER:-${TMPDIR:-/tmp}/meshcanary-cluster-$(id -u)}
configuration=${CONFIGURATION:-Release}
program=tests/TestCluster/bin/$configuration/net10.0/MeshCanary.TestCluster

id_of() { cat "$state/$1.pid" 2>/dev/null || true; }

# The id alone could be another program's by now.
is_up() {
  local id
  id=$(id_of outside)
  [ -n "$id" ] && tr '\0' ' ' <"/proc/$id/cmdline" 2>/dev/null | grep -q "MeshCanary.TestCluster outside $state"
}

must_be_up() { is_up || { echo "cluster.sh: there is no cluster; run: tests/cluster.sh up" >&2; exit 1; }; }

kubectl_program() {
  local bin
  bin=${KUBEBUILDER_ASSETS:-$(tests/cluster-build.sh)}
  if [ -x "$bin/kubectl-1.34" ]; then echo "$bin/kubectl-1.34"
  elif [ -x "$bin/kubectl" ]; then echo "$bin/kubectl"
  else echo kubectl; fi
}

up() {
  if is_up; then echo "cluster.sh: it is up already." >&2; usage_hints; return; fi
  if [ -z "${KUBEBUILDER_ASSETS:-}" ]; then tests/cluster-build.sh >/dev/null; fi
  dotnet build tests/TestCluster -c "$configuration" --nologo -v quiet >&2
  mkdir -p -m 700 "$state"
  rm -f "$state"/*
  setsid "$program" outside "$state" </dev/null >"$state/log" 2>&1 &
  for _ in $(seq 600); do
    if [ -s "$state/kubeconfig" ]; then usage_hints; return; fi
    kill -0 $! 2>/dev/null || break
    sleep 0.1
  done
  echo "cluster.sh: the cluster did not start:" >&2
  cat "$state/log" >&2
  exit 1
}

usage_hints() {
  cat <<HINTS
$(print_env)
# For example:
#   tests/cluster.sh kubectl get nodes
#   tests/cluster.sh kubectl create deployment web --image=sample-service:v1 --replicas=3
#   tests/cluster.sh kubectl expose deployment web --port=80 --target-port=8080
#   tests/cluster.sh run curl -si http://web.default.svc.cluster.local/
# Images are sample-service:ANY_VERSION, those of the chart, and shell.
HINTS
}

print_env() { echo "export KUBECONFIG=$state/kubeconfig"; }

down() {
  if ! is_up; then echo "cluster.sh: there is no cluster." >&2; return; fi
  local id
  id=$(id_of outside)
  kill -TERM "$id"
  while kill -0 "$id" 2>/dev/null; do sleep 0.1; done
  rm -rf "$state"
}

run() {
  must_be_up
  local user=() inside
  inside=$(id_of inside)
  if [ "$(id -u)" -ne 0 ]; then user=(--user --preserve-credentials); fi
  # The working folder stays, whatever the namespaces hold.
  exec nsenter --target "$inside" "${user[@]}" --net --mount --pid --wdns="$PWD" env KUBECONFIG="$state/kubeconfig.inside" "$@"
}

case ${1:-} in
  up) up ;;
  down) down ;;
  env) must_be_up; print_env ;;
  kubectl) must_be_up; shift; KUBECONFIG=$state/kubeconfig exec "$(kubectl_program)" "$@" ;;
  run) shift; run "$@" ;;
  *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
