"""What happens in a run: proxies that take turns, round by round."""
import dataclasses
import http.client
import re
import subprocess
import sys
import urllib.request

from . import contenders, report
from .backend import GRPC_PATH, Backend
from .idle import IdleConnections
from .load import Load
from .measuring import measure
from .processes import Broken
from .scenarios import Loads


@dataclasses.dataclass
class Added:
    """One load at a given rate, through a proxy and directly just before."""
    rate: float
    through: Load
    direct: Load


@dataclasses.dataclass
class Held:
    """A proxy that holds idle connections, and serves others meanwhile."""
    before: int  # bytes
    after: int
    connections: int
    closed: int
    sample: object


class Run:
    """Starts the proxies and lets them take turns. One that breaks is told, misses the scenario, and is started anew."""

    def __init__(self, options, stage):
        self.options, self.stage = options, stage
        self.kinds = [kind for kind in contenders.ALL if not options.proxy or kind.name in options.proxy]
        self.backend = Backend(stage, options.rest_cores, max(1, options.rest_cores.count(",")))
        self.loads = Loads(stage, options.rest_cores)
        self.broken = False
        self._running, self._warmed = {}, set()

    def saturate(self, scenario):
        """All rounds of a scenario: samples by proxy."""
        seconds = self.options.seconds
        # The backend speaks HTTP/2 for gRPC only; what stands behind a GET over HTTP/2 is the same backend by HTTP/1.1.
        direct = (self.loads.get(self._direct(scenario.protocol), "/100", seconds) if scenario.protocol == contenders.HTTP2
                  else scenario.generate(self.loads, self._direct(scenario.protocol), seconds))
        print(f"\nThe backend alone: {direct.rate:,.0f} requests/s, {direct.errors} errors.", flush=True)
        return self._rounds(
            self.options.rounds,
            lambda proxy: self._warm_up(proxy, lambda: scenario.generate(self.loads, proxy.url(scenario.protocol), self.options.warm_up_seconds)),
            lambda proxy, _: measure(proxy.process, lambda: scenario.generate(self.loads, proxy.url(scenario.protocol), seconds)))

    def latencies(self, saturated):
        """Rates by proxy and the latencies at them: at half of what each can do, and all at half of what ours can."""
        rates = {}

        def prepare(proxy):
            rate = self._warm_up(proxy, lambda: self.loads.get(proxy.url(contenders.HTTP1), "/100", self.options.warm_up_seconds))
            known = saturated.get(proxy.name)
            rates[proxy.name] = (report.median(sample.load.rate for sample in known) if known else rate) / 2

        def at(proxy, rate):
            seconds = self.options.latency_seconds
            direct = self.loads.steady(self._direct(contenders.HTTP1), seconds, rate)
            return Added(rate, self.loads.steady(proxy.url(contenders.HTTP1), seconds, rate), direct)

        def both(proxy, warm):
            own = rates[proxy.name]
            common = rates.get("meshcanary", min(rates[name] for name in warm))
            first = at(proxy, own)
            return first, first if common == own else at(proxy, common)

        return self._rounds(self.options.rounds, prepare, both)

    def hold(self, connections):
        """What idle connections cost a proxy that was started for them."""
        results = {}
        for number, kind in enumerate(self.kinds):
            self._stop(kind.name)
            try:
                proxy = self._start(kind)
                self._warm_up(proxy, lambda: self.loads.get(proxy.url(contenders.HTTP1), "/100", self.options.warm_up_seconds))
                before = proxy.process.resident_bytes()
                with IdleConnections(proxy.ports[contenders.HTTP1], connections, f"127.0.0.{number + 2}") as idle:
                    after = proxy.process.resident_bytes()
                    sample = measure(proxy.process, lambda: self.loads.get(proxy.url(contenders.HTTP1), "/100", self.options.seconds))
                    results[kind.name] = Held(before, after, connections, idle.closed(), sample)
            except (Broken, OSError) as broken:
                self._tell(kind, broken)
        return results

    def canary_share(self):
        """Of all requests that our proxy drew an arm for, the canary's part and their count; None without our proxy."""
        proxy = self._running.get("meshcanary")
        if proxy is None:
            return None
        with urllib.request.urlopen(f"http://127.0.0.1:{proxy.admin}/metrics", timeout=5) as answer:
            text = answer.read().decode()
        drawn = {arm: 0.0 for arm in ("stable", "canary")}
        for labels, value in re.findall(r"^meshcanary_proxy_draws_total\{([^}]*)\} (\S+)", text, re.MULTILINE):
            drawn[re.search(r'arm="(\w+)"', labels).group(1)] += float(value)
        total = sum(drawn.values())
        return (drawn["canary"] / total, total) if total else None

    def _rounds(self, rounds, prepare, turn):
        """Prepares every proxy, then gives each a turn in every round; results by proxy."""
        results, warm = {kind.name: [] for kind in self.kinds}, []
        for kind in self.kinds:
            if self._guarded(kind, lambda proxy: (prepare(proxy), True)[1]):
                warm.append(kind.name)
        for _ in range(rounds):
            for kind in [kind for kind in self.kinds if kind.name in warm]:
                result = self._guarded(kind, lambda proxy: turn(proxy, warm))
                if result is None:
                    warm.remove(kind.name)
                    results[kind.name] = []
                else:
                    results[kind.name].append(result)
        return results

    def _guarded(self, kind, act):
        try:
            return act(self._running.get(kind.name) or self._start(kind))
        except (Broken, OSError) as broken:
            self._tell(kind, broken)
            return None

    def _tell(self, kind, broken):
        print(f"error: {kind.title}: {broken}", file=sys.stderr, flush=True)
        self.broken = True
        self._stop(kind.name)

    def _start(self, kind):
        proxy = self._running[kind.name] = kind(self.stage, self.backend, self.options.proxy_core, self.options.rest_cores)
        check(proxy, self.loads)
        return proxy

    def _stop(self, name):
        proxy = self._running.pop(name, None)
        if proxy is not None:
            proxy.stop()

    def _direct(self, protocol):
        return f"http://127.0.0.1:{(self.backend.grpc if protocol == contenders.GRPC else self.backend.http)[0]}"

    def _warm_up(self, proxy, generate):
        """Loads that are thrown away, until they get no faster: what is compiled as it runs is compiled then."""
        # A fresh process may stay at one speed for seconds before its runtime compiles the hot code well.
        most = self.options.warm_ups if proxy not in self._warmed else max(1, self.options.warm_ups // 3)
        least = self.options.warm_ups * 2 // 3 if proxy not in self._warmed else 1
        self._warmed.add(proxy)
        best = 0
        for done in range(most):
            rate = generate().rate
            if done >= least and rate < best * 1.05:
                break
            best = max(best, rate)
        return max(rate, best)


def check(proxy, loads):
    """Whether the proxy passes on what the scenarios ask for; a fast wrong answer is no figure."""
    connection = http.client.HTTPConnection("127.0.0.1", proxy.ports[contenders.HTTP1], timeout=10)
    for method, path, body, expected in [("GET", "/100", None, 100), ("GET", "/10k", None, 10240), ("POST", "/echo", b"b" * 1024, 2)]:
        connection.request(method, path, body)
        answer = connection.getresponse()
        length = len(answer.read())
        if answer.status != 200 or length != expected:
            raise Broken(f"{proxy.title} answered {method} {path} with status {answer.status} and {length} bytes; 200 and {expected} were expected.")
    connection.close()
    for path, more, expected in [
            ("/100", [], ":status: 200"),
            (GRPC_PATH, ["-d", loads.message, "-H", "content-type: application/grpc", "-H", "te: trailers"], "grpc-status: 0")]:
        url = proxy.url(contenders.GRPC if more else contenders.HTTP2) + path
        text = subprocess.run(["nghttp", "-v", *more, url], capture_output=True, text=True, errors="replace", timeout=10, check=False).stdout
        if expected not in text:
            raise Broken(f"{proxy.title} answered {url} over HTTP/2 without '{expected}':\n{text[-1500:]}")
