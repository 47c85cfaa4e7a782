#!/usr/bin/env bash
# Does the main job on the cluster that KUBECONFIG names: installs MeshCanary for one namespace, puts a service with clients under a
# canary, has one version promoted and one rolled back, gives everything back, and counts what the clients lost. It says at every
# step what it waits for, and takes away what it made, whatever happens.
#
#   tests/cluster-check.sh --context NAME [options]
#
#   --context NAME       the context of KUBECONFIG; it must be named, so that no cluster is meant by accident
#   --namespace NAME     a namespace that is not there yet; one NAME-system is made as well   (meshcanary-check)
#   --registry HOST/PATH where the images are that were built and pushed               (the cluster has them by their names)
#   --tag TAG            their tag                                                    (the chart's version)
#   --sample IMAGE       the sample service, without a tag                            (sample-service)
#   --curl IMAGE         an image that has curl                                       (shell, which the test cluster has)
#   --set KEY=VALUE      a value of the chart; may be given several times
#   --timeout SECONDS    longest wait for any single step                             (300)
#   --keep               leaves everything as it is when a step fails
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

context='' space=meshcanary-check registry='' tag='' sample=sample-service curl=shell timeout=300 keep='' values=()
fail() { echo "cluster-check.sh: $*" >&2; exit 1; }
usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=yes; shift; continue ;;
    --context|--namespace|--registry|--tag|--sample|--curl|--set|--timeout) [ $# -ge 2 ] || usage ;;
    *) usage ;;
  esac
  case $1 in
    --context) context=$2 ;;
    --namespace) space=$2 ;;
    --registry) registry=$2 ;;
    --tag) tag=$2 ;;
    --sample) sample=$2 ;;
    --curl) curl=$2 ;;
    --set) values+=(--set "$2") ;;
    --timeout) timeout=$2 ;;
  esac
  shift 2
done
[ -n "$context" ] || usage
[[ $timeout =~ ^[1-9][0-9]*$ ]] || fail "--timeout is a whole number of seconds, not '$timeout'."
for program in "${KUBECTL:=kubectl}" "${HELM:=helm}"; do
  command -v "$program" >/dev/null || fail "$program is not there; install it, or say where it is by KUBECTL and HELM."
done

all() { "$KUBECTL" --context "$context" "$@"; }
k() { all --namespace "$space" "$@"; }
helm() { "$HELM" --kube-context "$context" --namespace "$space-system" "$@"; }
say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*"; }

# until WHAT COMMAND...: waits until the command succeeds.
until_so() {
  local what=$1 from=$SECONDS
  shift
  until "$@" >/dev/null 2>&1; do
    if [ $((SECONDS - from)) -ge "$timeout" ]; then
      say "not within ${timeout}s: $what" >&2
      k get canaries,deployments,replicasets,pods >&2 || true
      k get canary checkout -o "jsonpath={.status.phase}: {.status.verdict.reason} {.status.waitingFor}" >&2 || true
      exit 1
    fi
    sleep 1
  done
  say "$what"
}

status() { k get canary checkout -o "jsonpath={.status.$1}"; }
is() { [ "$(status "$1")" = "$2" ]; }
is_now_stable() { is phase Stable && ! is stableRevision "$1"; }
gone() { [ -z "$(all get "$@" --ignore-not-found -o name)" ]; }

installed='' made=''
clean_up() {
  local code=$?
  trap - EXIT
  if [ "$code" -ne 0 ] && [ -n "$keep" ]; then
    say "everything is left as it is in the namespaces $space and $space-system" >&2
    exit "$code"
  fi
  if [ -n "$installed" ]; then helm uninstall meshcanary --timeout 120s --wait >/dev/null || code=1; fi
  if [ -n "$made" ]; then all delete namespace "$space" "$space-system" --wait=false >/dev/null || code=1; fi
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

server=$(all version -o json 2>/dev/null | sed -n '/serverVersion/,/}/s/.*"gitVersion": "\(.*\)".*/\1/p' || true)
[ -n "$server" ] || fail "the API server of context '$context' does not answer; look at: kubectl --context $context version"
say "Kubernetes $server, context $context"
gone namespace "$space" && gone namespace "$space-system" || fail "there is a namespace $space or $space-system already; name another by --namespace."
crds=()
if ! gone crd canaries.meshcanary.io; then
  gone --all-namespaces canaries.meshcanary.io || fail "this cluster has Canaries already, which a second MeshCanary could disturb. Take another cluster."
  crds=(--set crds.install=false)
fi

all create namespace "$space" >/dev/null
made=yes
all create namespace "$space-system" >/dev/null
images=()
if [ -n "$registry" ]; then images+=(--set "image.registry=$registry,proxy.image.registry=$registry"); fi
if [ -n "$tag" ]; then images+=(--set "image.tag=$tag,proxy.image.tag=$tag"); fi
installed=yes
helm install meshcanary charts/meshcanary --set "namespaces={$space}" --set fullnameOverride=meshcanary-check "${crds[@]}" "${images[@]}" "${values[@]}" >/dev/null
all --namespace "$space-system" rollout status deployment/meshcanary-check --timeout "${timeout}s" >/dev/null || fail "the controller did not become ready; use --keep and look at its pods."
say "MeshCanary is installed"

# The example of the documentation without its annotations: the Canary below has shorter times, and margins for the traffic of one curl.
sed -e "s|image: sample-service:|image: $sample:|" -e '/^  annotations:/,/^spec:/{/^spec:/!d}' examples/kubernetes/checkout.yaml | k apply -f - >/dev/null
k rollout status deployment/checkout --timeout "${timeout}s" >/dev/null || fail "the sample service did not become ready; use --keep and look at its pods."
k apply -f - >/dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: { name: clients }
spec:
  automountServiceAccountToken: false
  restartPolicy: Never
  containers:
    - name: curl
      image: $curl
      # A connection for each request, since one that is kept stays with the pod that it was made to. One line for each request that was
      # lost: one that had no whole answer, or one from a proxy that found nobody to answer it.
      command: [sh, -c, "curl --silent --header 'Connection: close' --output /dev/null --rate 100/s --max-time 20 --write-out '%{http_code}\\\\n' 'http://checkout/?[1-1000000000]' | grep --line-buffered -v -e 200 -e 500"]
YAML
until_so "clients call the service" k wait --for=condition=Ready pod/clients --timeout=1s
k apply -f - >/dev/null <<'YAML'
apiVersion: meshcanary.io/v1alpha1
kind: Canary
metadata: { name: checkout }
spec:
  workload: { kind: Deployment, name: checkout, drainTime: 2s }
  service: { name: checkout }
  strategy:
    steps: [{ weight: 20, minDuration: 2s, maxDuration: 5m }, { weight: 50, minDuration: 2s, maxDuration: 5m }]
  bakeTime: 2s
  analysis:
    interval: 1s
    warmup: 2s
    errors: { tolerate: { absolute: 0.5%, relative: 10% }, harm: { absolute: 10% } }
    latency: { percentiles: [50, 90], tolerate: 150%, harm: 900% }
    overdispersion: { errors: 1, latency: 1 }
    guards: [{ metric: errorRate, max: 10% }]
YAML
until_so "checkout is under a canary, and clients are led to its proxies" is phase Stable
first=$(status stableRevision)

k set image deployment/checkout "app=$sample:v2" >/dev/null
until_so "version 2 gets traffic" is phase Progressing
until_so "version 2 is promoted" is_now_stable "$first"

k patch deployment checkout --type=json --patch '[{"op":"add","path":"/spec/template/spec/containers/0/args","value":["--error-rate=0.3"]}]' >/dev/null
until_so "version 3, which fails three requests of ten, is rolled back" is phase Failed
say "because: $(status verdict.reason)"

k delete canary checkout --wait=false >/dev/null
until_so "everything is given back" gone --namespace "$space" canaries.meshcanary.io
[ "$(k get service checkout -o 'jsonpath={.spec.selector}')" = '{"app":"checkout"}' ] || fail "the Service's selector is not its own again: $(k get service checkout -o 'jsonpath={.spec.selector}')"
until_so "no proxy is left" gone --namespace "$space" deployments checkout-meshcanary-proxy
sleep 2
lost=$(k logs clients)
phase=$(k get pod clients -o 'jsonpath={.status.phase}')
[ "$phase" = Running ] || fail "the clients' pod is $phase: it could not count."
[ -z "$lost" ] || fail "the clients lost $(wc -l <<<"$lost") requests, by status: $(sort <<<"$lost" | uniq -c | tr '\n' ';')"
say "the clients lost no request"
