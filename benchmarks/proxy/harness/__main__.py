"""Runs the scenarios; see --help."""
import argparse
import os
import signal
import sys

from . import contenders, report
from .backend import Backend
from .machine import facts
from .measuring import measure
from .processes import Broken, Stage
from .scenarios import SATURATIONS, Loads


def arguments():
    parser = argparse.ArgumentParser(prog="benchmarks/proxy/run.sh", description="The proxies side by side, on loopback, one core each.")
    names = [s.name for s in SATURATIONS]
    parser.add_argument("--rounds", type=int, default=5, help="rounds; the proxies take turns in each (default %(default)s)")
    parser.add_argument("--seconds", type=int, default=3, help="length of one load (default %(default)s)")
    parser.add_argument("--warm-ups", type=int, default=5, help="most loads of 2 s on each proxy before the first round, thrown away; fewer when they get no faster (default %(default)s)")
    parser.add_argument("--scenario", action="append", choices=names, help="only this one; may be given several times")
    parser.add_argument("--proxy", action="append", choices=[c.name for c in contenders.ALL], help="only this one; may be given several times")
    parser.add_argument("--quick", action="store_true", help="one round of short loads; for a look, not for figures")
    parser.add_argument("--strict", action="store_true", help="exit code 3 when a bar is missed")
    parser.add_argument("--proxy-core", default="0", help="core of the proxies (default %(default)s)")
    parser.add_argument("--rest-cores", default=None, help="cores of generator, backend and controller (default: all others)")
    parser.add_argument("--meshcanary", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--stock-yarp", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.warm_ups = 1, 1, 1
    if options.rest_cores is None:
        options.rest_cores = ",".join(str(core) for core in sorted(os.sched_getaffinity(0)) if str(core) != options.proxy_core)
    if not options.rest_cores:
        parser.error("two cores are needed: one for the proxy, one for load and backend.")
    return options


class Run:
    def __init__(self, options, stage):
        self.options, self.stage = options, stage
        self.kinds = [kind for kind in contenders.ALL if not options.proxy or kind.name in options.proxy]
        self.backend = Backend(stage, options.rest_cores, max(1, options.rest_cores.count(",")))
        self.loads = Loads(stage, options.rest_cores)
        self.broken = False

    def saturate(self, scenario):
        """All rounds of a scenario: samples by proxy."""
        seconds = self.options.seconds
        ports = self.backend.grpc if scenario.protocol == contenders.GRPC else self.backend.http
        if scenario.protocol != contenders.HTTP2:
            direct = scenario.generate(self.loads, f"http://127.0.0.1:{ports[0]}", seconds)
            print(f"\nThe backend alone: {direct.rate:,.0f} requests/s, {direct.errors} errors.")
        running = [kind(self.stage, self.backend, self.options.proxy_core, self.options.rest_cores) for kind in self.kinds]
        samples = {proxy.name: [] for proxy in running}
        try:
            for proxy in running:
                self._warm_up(lambda: scenario.generate(self.loads, proxy.url(scenario.protocol), 2))
            for _ in range(self.options.rounds):
                for proxy in running:
                    samples[proxy.name].append(measure(proxy.process, lambda: scenario.generate(self.loads, proxy.url(scenario.protocol), seconds)))
        finally:
            for proxy in running:
                proxy.stop()
        return samples

    def _warm_up(self, generate):
        """Loads that are thrown away, until they get no faster: what is compiled as it runs is compiled then."""
        before = 0
        for _ in range(self.options.warm_ups):
            rate = generate().rate
            if rate < before * 1.05:
                return
            before = rate


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    contenders.MeshCanary.program, contenders.StockYarp.program = options.meshcanary, options.stock_yarp
    facts(options)
    saturation = {}
    with Stage() as stage:
        run = Run(options, stage)
        for scenario in SATURATIONS:
            if options.scenario and scenario.name not in options.scenario:
                continue
            print(f"## {scenario.name}: {scenario.title}")
            saturation[scenario.name] = run.saturate(scenario)
            report.saturation(run.kinds, saturation[scenario.name])
    first = saturation.get("get100", {})

    def against(name):
        return report.ratio(first.get("meshcanary"), first.get(name), lambda sample: sample.load.rate)

    missed = report.bars([
        ("requests/s, 100-byte GET, ours to stock YARP", against("yarp"), 1.8, True),
        ("the same to nginx", against("nginx"), 0.55, True),
        ("the same to Caddy", against("caddy"), 1.6, True)])
    return 3 if missed and options.strict else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Broken as broken:
        print(f"error: {broken}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
