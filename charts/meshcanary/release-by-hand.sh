#!/usr/bin/env bash
# Takes one Canary out of a cluster without a controller: when it is gone for ever and 'meshcanary release' has nobody to
# carry it out. What serves most stays, the Service gets its own selector back, the Deployment gets its pods back.
#
#   release-by-hand.sh NAMESPACE CANARY           says what it would do
#   release-by-hand.sh NAMESPACE CANARY --do-it   does it; may be run again after a failure
#
# It needs kubectl and jq, and the rights to write what it changes. A template of the Deployment that is not the promoted one
# stays held: look at it, then run 'kubectl rollout resume' yourself.
set -euo pipefail

fail() { echo "release-by-hand: $1" >&2; exit 1; }

[ $# -ge 2 ] || fail "usage: release-by-hand.sh NAMESPACE CANARY [--do-it]"
readonly namespace=$1 canary=$2 mode=${3:-}
[ -z "$mode" ] || [ "$mode" = --do-it ] || fail "'$mode' is not --do-it."
for tool in kubectl jq; do command -v "$tool" >/dev/null || fail "$tool is needed and not on the PATH."; done

k() { kubectl --namespace "$namespace" "$@"; }
run() {
  echo "+ kubectl --namespace $namespace $*"
  if [ "$mode" = --do-it ]; then k "$@"; fi
}

object=$(k get canaries.meshcanary.io "$canary" -o json) || fail "there is no Canary $namespace/$canary."
deployment=$(jq -r '.spec.workload.name' <<<"$object")
service=$(jq -r '.spec.service.name' <<<"$object")
uid=$(jq -r '.metadata.uid' <<<"$object")

controllers=$(kubectl get pods --all-namespaces -l app.kubernetes.io/part-of=meshcanary,app.kubernetes.io/component=controller \
  -o json | jq '[.items[] | select(.status.phase == "Running")] | length')
[ "$controllers" -eq 0 ] || fail "$controllers controllers run here: use 'kubectl delete canary' or 'meshcanary release', they would undo this."

echo "# 1. The ReplicaSet that serves most belongs to the Deployment."
home=$(k get deployment "$deployment" -o json)
home_uid=$(jq -r '.metadata.uid' <<<"$home")
sets=$(k get replicasets -o json)
owned() { jq -c --arg uid "$1" '[.items[] | select(any(.metadata.ownerReferences[]?; .uid == $uid and .controller))]' <<<"$sets"; }
at_home=$(owned "$home_uid" | jq '[.[] | select((.spec.replicas // 0) > 0)] | length')
arms=$(owned "$uid")
if [ "$at_home" -eq 0 ] && [ "$(jq length <<<"$arms")" -gt 0 ]; then
  keep=$(jq -r 'sort_by(.status.readyReplicas // 0) | last | .metadata.name' <<<"$arms")
  owner=$(jq -c -n --arg name "$deployment" --arg uid "$home_uid" \
    '{metadata: {ownerReferences: [{apiVersion: "apps/v1", kind: "Deployment", name: $name, uid: $uid, controller: true, blockOwnerDeletion: true}]}}')
  run patch replicaset "$keep" --type=merge --patch "$owner"
else
  keep=""
  echo "  $deployment has its pods."
fi

echo "# 2. The Service leads to those pods alone: its own selector would find the arms as well."
present=$(k get service "$service" -o json)
original=$(jq -r '.metadata.annotations["meshcanary.io/original-selector"] // ""' <<<"$present")
if [ -n "$original" ]; then
  stays=${keep:-$(owned "$home_uid" | jq -r '[.[] | select((.spec.replicas // 0) > 0)] | sort_by(.status.readyReplicas // 0) | last | .metadata.name // ""')}
  hash=$(jq -c --arg name "$stays" '[.items[] | select(.metadata.name == $name) | .spec.selector.matchLabels // {}] | first // {} | with_entries(select(.key == "pod-template-hash"))' <<<"$sets")
  # A merge patch keeps keys that it does not name: ours are named, as null.
  patch=$(jq -c --argjson original "$original" --argjson hash "$hash" \
    '{spec: {selector: (((.spec.selector // {}) | map_values(null)) + $original + $hash)}}' <<<"$present")
  run patch service "$service" --type=merge --patch "$patch"
else
  echo "  $service has no meshcanary.io/original-selector: its selector is its own."
fi

# What the Canary owns of a kind.
ours() { k get "$1" -o json | jq -r --arg uid "$uid" '.items[] | select(any(.metadata.ownerReferences[]?; .uid == $uid)) | .metadata.name'; }

echo "# 3. The proxies go, and serve on until every node knows. Nobody would tell them that an arm has gone: the arms go after them."
for name in $(ours deployments); do
  run delete deployment "$name" --ignore-not-found --cascade=foreground --timeout=180s
done
for name in $(jq -r '.[].metadata.name' <<<"$arms"); do
  [ "$name" = "$keep" ] || run delete replicaset "$name" --ignore-not-found --cascade=foreground --timeout=180s
done
for kind in poddisruptionbudgets services; do
  for name in $(ours "$kind"); do
    run delete "$kind" "$name" --ignore-not-found
  done
done

echo "# 4. The Service has its own selector, and nothing of ours."
if [ -n "$original" ]; then
  patch=$(jq -c -n --argjson original "$original" '{spec: {selector: ({"pod-template-hash": null} + $original)},
    metadata: {annotations: {"meshcanary.io/original-selector": null, "meshcanary.io/canary": null}, labels: {"meshcanary.io/managed": null}}}')
  run patch service "$service" --type=merge --patch "$patch"
fi

echo "# 5. The Canary goes. Only now: whatever it still owned would go with it."
run patch canaries.meshcanary.io "$canary" --type=merge --patch '{"metadata":{"finalizers":null}}'
run delete canaries.meshcanary.io "$canary" --ignore-not-found --wait=false

echo "# 6. The Deployment is its owner's again."
run patch deployment "$deployment" --type=merge \
  --patch '{"metadata":{"annotations":{"meshcanary.io/canary":null,"meshcanary.io/held":null,"meshcanary.io/resumed-by":null},"labels":{"meshcanary.io/managed":null}}}'
if [ "$(jq -r '.spec.paused // false' <<<"$home")" = true ]; then
  echo "$deployment is still paused. Apply the template that you want, then: kubectl --namespace $namespace rollout resume deployment/$deployment"
fi
[ "$mode" = --do-it ] || echo "Nothing was changed. Run it with --do-it to do this."
