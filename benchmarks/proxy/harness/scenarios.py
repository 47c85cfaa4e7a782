"""What is measured. A saturating scenario is a load that a proxy answers as fast as it can."""
import dataclasses
from typing import Callable

from .backend import GRPC_PATH
from .contenders import GRPC, HTTP1, HTTP2
from .load import Generators, Load

IDLE_CONNECTIONS = 10_000

POST_SCRIPT = 'wrk.method = "POST"\nwrk.body = string.rep("b", 1024)\nwrk.headers["Content-Type"] = "application/octet-stream"\n'


@dataclasses.dataclass(frozen=True)
class Saturation:
    name: str
    title: str
    protocol: str
    generate: Callable[["Loads", str, float], Load]


class Loads:
    """The generators and the files that they send."""

    def __init__(self, stage, cores):
        self.generators = Generators(cores, stage.folder)
        self.post = stage.file("post.lua", POST_SCRIPT)
        self.message = stage.path("message.bin")

    def get(self, base, path, seconds, headers=()):
        return self.generators.wrk(base + path, seconds, 64, headers=headers)

    def steady(self, base, seconds, rate):
        return self.generators.steady(base + "/100", seconds, rate)

    def post_body(self, base, seconds):
        return self.generators.wrk(base + "/echo", seconds, 64, script=self.post)

    def streams(self, base, seconds):
        return self.generators.h2load(base + "/100", seconds, 8, 8)

    def unary(self, base, seconds):
        headers = ["content-type: application/grpc", "te: trailers"]
        return self.generators.h2load(base + GRPC_PATH, seconds, 8, 8, body=self.message, headers=headers)


SATURATIONS = [
    Saturation("get100", "GET of 100 bytes, 64 kept connections (HTTP/1.1, wrk)", HTTP1,
               lambda loads, base, s: loads.get(base, "/100", s)),
    Saturation("get10k", "GET of 10 KB, 64 kept connections (HTTP/1.1, wrk)", HTTP1,
               lambda loads, base, s: loads.get(base, "/10k", s)),
    Saturation("post1k", "POST of 1 KB, 64 kept connections (HTTP/1.1, wrk)", HTTP1,
               lambda loads, base, s: loads.post_body(base, s)),
    Saturation("http2", "HTTP/2 without TLS to HTTP/1.1, GET of 100 bytes, 8 connections with 8 streams each (h2load)", HTTP2,
               lambda loads, base, s: loads.streams(base, s)),
    Saturation("grpc", "gRPC unary, 8 connections with 8 streams each (h2load)", GRPC,
               lambda loads, base, s: loads.unary(base, s)),
    Saturation("close", "a new connection for each GET of 100 bytes, 64 at a time (HTTP/1.1, wrk)", HTTP1,
               lambda loads, base, s: loads.get(base, "/100", s, headers=["Connection: close"])),
]
IDLE = ("idle", f"{IDLE_CONNECTIONS:,} idle connections, and meanwhile GET of 100 bytes on 64 others (HTTP/1.1, wrk)")
LATENCY = ("latency", "added latency at half of saturation, GET of 100 bytes, 64 connections (HTTP/1.1, MeshCanary.Pacer)")
QUICK = ["get100", "grpc", IDLE[0], LATENCY[0]]
NAMES = [*(scenario.name for scenario in SATURATIONS), IDLE[0], LATENCY[0]]
