"""The proxies side by side: how each is configured and started.

Each sends nine of ten requests to the stable backend and one to the canary, where it can; each keeps its connections
to the backend, logs no single request, and has one core. The settings that make a difference say why they are there.
"""
import json
import urllib.request

from .processes import FILES, Process, answers, free_port, until

HTTP1, HTTP2, GRPC = "http1", "http2", "grpc"


class Contender:
    """A proxy that runs: an address for HTTP/1.1 and HTTP/2, and the process to be counted."""
    name = ""
    title = ""

    def __init__(self, stage, backend, cores, rest):
        self.stage, self.backend, self.cores, self.rest = stage, backend, cores, rest
        self.ports = {kind: free_port() for kind in (HTTP1, HTTP2, GRPC)}
        self.process: Process = self.launch()
        until(lambda: answers(f"http://127.0.0.1:{self.ports[HTTP1]}/100"), f"An answer through {self.name}", process=self.process)

    def launch(self):
        raise NotImplementedError

    def url(self, protocol):
        return f"http://127.0.0.1:{self.ports[protocol]}"

    def start(self, command, environment=None):
        return self.stage.start(self.name, command, self.cores, environment)

    def stop(self):
        self.stage.end(self.process)


class Nginx(Contender):
    name, title = "nginx", "nginx"

    def launch(self):
        folder = self.stage.folder
        stable, canary = self.backend.http
        grpc_stable, grpc_canary = self.backend.grpc
        # Connections to the backend are kept, and never given up for their age or their count.
        kept = "keepalive 512; keepalive_requests 1000000000; keepalive_timeout 1h;"
        config = self.stage.file("nginx.conf", f"""
daemon off;
worker_processes 1;
worker_rlimit_nofile {FILES};
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections {FILES - 500}; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 10m;
    http2_max_concurrent_streams 1024;
    client_body_temp_path {folder}/nginx-t0; proxy_temp_path {folder}/nginx-t1; fastcgi_temp_path {folder}/nginx-t2;
    uwsgi_temp_path {folder}/nginx-t3; scgi_temp_path {folder}/nginx-t4;
    # Each request is drawn for itself; these two are cheaper to hash than $request_id is to make.
    split_clients "$connection-$connection_requests" $arm {{ 10% canary; * stable; }}
    split_clients "$connection-$connection_requests" $grpc_arm {{ 10% grpc_canary; * grpc_stable; }}
    upstream stable {{ server 127.0.0.1:{stable}; {kept} }}
    upstream canary {{ server 127.0.0.1:{canary}; {kept} }}
    upstream grpc_stable {{ server 127.0.0.1:{grpc_stable}; {kept} }}
    upstream grpc_canary {{ server 127.0.0.1:{grpc_canary}; {kept} }}
    server {{
        listen 127.0.0.1:{self.ports[HTTP1]} backlog=16384;
        listen 127.0.0.1:{self.ports[HTTP2]} http2 backlog=16384;
        location / {{
            proxy_pass http://$arm;
            # Needed for kept connections.
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            # What the others send along too.
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
        }}
    }}
    server {{
        listen 127.0.0.1:{self.ports[GRPC]} http2 backlog=16384;
        location / {{ grpc_pass grpc://$grpc_arm; }}
    }}
}}
""")
        return self.start(["nginx", "-p", folder, "-c", config, "-e", f"{folder}/nginx-error.log"])


class HAProxy(Contender):
    name, title = "haproxy", "HAProxy"

    def launch(self):
        stable, canary = self.backend.http
        grpc_stable, grpc_canary = self.backend.grpc
        config = self.stage.file("haproxy.cfg", f"""
global
    nbthread 1
    maxconn {FILES - 1000}
    ulimit-n {FILES}
    # Each connection is reckoned to take two files; most of ours are idle and take one.
    no strict-limits
defaults
    mode http
    timeout connect 5s
    timeout client 10m
    timeout server 1m
    timeout http-keep-alive 10m
    # A kept connection to the backend serves any client; the default shares only what was used safely before.
    http-reuse always
    option forwardfor
frontend http
    bind 127.0.0.1:{self.ports[HTTP1]} backlog 16384
    bind 127.0.0.1:{self.ports[HTTP2]} backlog 16384 proto h2
    default_backend http
backend http
    server stable 127.0.0.1:{stable} weight 90 pool-max-conn 512
    server canary 127.0.0.1:{canary} weight 10 pool-max-conn 512
frontend grpc
    bind 127.0.0.1:{self.ports[GRPC]} backlog 16384 proto h2
    default_backend grpc
backend grpc
    server stable 127.0.0.1:{grpc_stable} weight 90 proto h2 pool-max-conn 512
    server canary 127.0.0.1:{grpc_canary} weight 10 proto h2 pool-max-conn 512
""")
        return self.start(["haproxy", "-db", "-f", config])


class Caddy(Contender):
    name, title = "caddy", "Caddy"

    def launch(self):
        def pool(ports):
            # Caddy 2.6 knows no weights: nine of ten upstreams are the same one.
            return " ".join([f"127.0.0.1:{ports[0]}"] * 9 + [f"127.0.0.1:{ports[1]}"])

        config = self.stage.file("Caddyfile", f"""
{{
    admin off
    auto_https off
    servers {{
        protocols h1 h2c
        timeouts {{
            idle 10m
        }}
    }}
}}
http://127.0.0.1:{self.ports[HTTP1]}, http://127.0.0.1:{self.ports[HTTP2]} {{
    bind 127.0.0.1
    reverse_proxy {pool(self.backend.http)} {{
        lb_policy round_robin
        transport http {{
            # The default keeps 32 of 64, and opens the others anew for each request.
            keepalive_idle_conns_per_host 512
            # Otherwise it asks for gzip on its own and unpacks.
            compression off
        }}
    }}
}}
http://127.0.0.1:{self.ports[GRPC]} {{
    bind 127.0.0.1
    reverse_proxy {pool(self.backend.grpc)} {{
        lb_policy round_robin
        transport http {{
            versions h2c 2
            compression off
        }}
    }}
}}
""")
        # One core, one processor of the Go scheduler: more threads than cores only switch.
        return self.start(
            ["caddy", "run", "--adapter", "caddyfile", "--config", config],
            {"GOMAXPROCS": "1", "HOME": self.stage.folder, "XDG_DATA_HOME": self.stage.folder, "XDG_CONFIG_HOME": self.stage.folder})


class StockYarp(Contender):
    name, title = "yarp", "stock YARP"
    program = ""

    def launch(self):
        def cluster(ports, **more):
            return {"LoadBalancingPolicy": "RoundRobin", **more, "Destinations": {
                "stable": {"Address": f"http://127.0.0.1:{ports[0]}/"}, "canary": {"Address": f"http://127.0.0.1:{ports[1]}/"}}}

        config = self.stage.file("yarp.json", json.dumps({
            # The default logs two lines for each request.
            "Logging": {"LogLevel": {"Default": "Warning"}},
            "Kestrel": {"Endpoints": {
                "Http1": {"Url": f"http://127.0.0.1:{self.ports[HTTP1]}", "Protocols": "Http1"},
                "Http2": {"Url": f"http://127.0.0.1:{self.ports[HTTP2]}", "Protocols": "Http2"},
                "Grpc": {"Url": f"http://127.0.0.1:{self.ports[GRPC]}", "Protocols": "Http2"}}},
            "ReverseProxy": {
                "Routes": {
                    "http": {"ClusterId": "http", "Match": {"Path": "{**any}"}},
                    "grpc": {"ClusterId": "grpc", "Match": {"Path": "/bench.Echo/{**any}"}}},
                "Clusters": {
                    # A client of HTTP/2 does not make the backend one.
                    "http": cluster(self.backend.http, HttpRequest={"Version": "1.1", "VersionPolicy": "RequestVersionExact"}),
                    "grpc": cluster(self.backend.grpc, HttpRequest={"Version": "2", "VersionPolicy": "RequestVersionExact"})}}}))
        return self.start(["dotnet", "exec", self.program, "--config", config])


class MeshCanary(Contender):
    """Ours, as a user runs it: a controller, a proxy that joined it, and a rollout that holds 10 % for the canary."""
    name, title = "meshcanary", "MeshCanary"
    program = ""

    def launch(self):
        if not hasattr(self.stage, "controller"):
            self.stage.controller = Controller(self.stage, self.backend, self.rest, self.program)
        self.ports[HTTP2] = self.ports[GRPC] = self.ports[HTTP1]
        self.admin = free_port()
        process = self.start([
            "dotnet", "exec", self.program, "proxy", "--controller", f"http://127.0.0.1:{self.stage.controller.control}",
            "--listen", f"127.0.0.1:{self.ports[HTTP1]}", "--admin", f"127.0.0.1:{self.admin}", "--name", "benchmark"])
        until(lambda: answers(f"http://127.0.0.1:{self.admin}/readyz"), "A configuration of our proxy", process=process)
        self.stage.controller.split()
        return process


class Controller:
    """`meshcanary serve` on the other cores, and announced versions that stay at 10 % for a day."""

    def __init__(self, stage, backend, cores, program):
        self.stage, self.program = stage, program
        self.canaries = {"http": backend.http, "grpc": backend.grpc}
        self.api, self.control = free_port(), free_port()
        self.announced = False
        manifest = stage.file("canary.yaml", "---".join([
            self._manifest("http", "/", backend.http[0], "healthPath: /healthz"),
            self._manifest("grpc", "/bench.Echo", backend.grpc[0])]))
        self.process = stage.start("controller", [
            "dotnet", "exec", program, "serve", "-f", manifest, "--no-proxy", "--state", stage.path("state"),
            "--api", f"127.0.0.1:{self.api}", "--control", f"127.0.0.1:{self.control}"], cores)
        until(lambda: answers(f"http://127.0.0.1:{self.api}/api/v1/canaries"), "An answer of the controller", process=self.process)

    def split(self):
        """Announces the canaries, once, and waits until every proxy has confirmed their weight."""
        if not self.announced:
            for name, ports in self.canaries.items():
                self.stage.run(["dotnet", "exec", self.program, "rollout", name, "--canary", f"http://127.0.0.1:{ports[1]}",
                                "--revision", "v2", "--server", f"http://127.0.0.1:{self.api}"])
            self.announced = True
        until(lambda: self.weights() == [1000, 1000], "10 % for the canaries", process=self.process)

    def weights(self):
        """What the proxies have confirmed, in basis points."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.api}/api/v1/canaries", timeout=5) as answer:
            return [canary["weight"]["acknowledged"] for canary in json.load(answer)]

    @staticmethod
    def _manifest(name, prefix, port, health=""):
        return f"""
apiVersion: meshcanary.io/v1alpha1
kind: Canary
metadata: {{ name: {name} }}
spec:
  workload:
    kind: Static
    name: {name}
    stable: {{ revision: v1, addresses: ["http://127.0.0.1:{port}"] }}
    {health}
  service: {{ name: {name}, pathPrefix: {prefix} }}
  strategy:
    steps:
      - {{ weight: 10, minDuration: 24h, maxDuration: 24h }}
  # A machine that is loaded on purpose must not end the rollout.
  onFailure: hold
"""


ALL = [MeshCanary, StockYarp, Nginx, HAProxy, Caddy]
