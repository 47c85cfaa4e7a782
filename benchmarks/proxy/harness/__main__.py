"""Runs the scenarios; see --help."""
import argparse
import os
import signal
import sys

from . import contenders, report
from .load import Generators
from .machine import facts
from .processes import FILES, Broken, Stage
from .run import Run
from .scenarios import IDLE, IDLE_CONNECTIONS, LATENCY, NAMES, QUICK, SATURATIONS


def arguments():
    parser = argparse.ArgumentParser(prog="benchmarks/proxy/run.sh", description="The proxies side by side, on loopback, one core each.")
    parser.add_argument("--rounds", type=int, default=5, help="rounds; the proxies take turns in each (default %(default)s)")
    parser.add_argument("--seconds", type=int, default=3, help="length of one load (default %(default)s)")
    parser.add_argument("--warm-ups", type=int, default=12, help="most loads of 2 s on each proxy before its first round, thrown away; fewer when they get no faster (default %(default)s)")
    parser.add_argument("--scenario", action="append", choices=NAMES, help="only this one; may be given several times")
    parser.add_argument("--proxy", action="append", choices=[c.name for c in contenders.ALL], help="only this one; may be given several times")
    parser.add_argument("--quick", action="store_true", help="one round of short loads and fewer scenarios; for a look, not for figures")
    parser.add_argument("--strict", action="store_true", help="exit code 3 when a bar is missed")
    parser.add_argument("--proxy-core", default="0", help="core of the proxies (default %(default)s)")
    parser.add_argument("--rest-cores", default=None, help="cores of generator, backend and controller (default: all others)")
    parser.add_argument("--meshcanary", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--stock-yarp", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--pacer", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.latency_seconds, options.warm_up_seconds = options.seconds, 2
    if options.quick:
        options.rounds, options.seconds, options.latency_seconds, options.warm_ups, options.warm_up_seconds = 1, 1, 1, 3, 1
        options.scenario = options.scenario or QUICK
    if options.rest_cores is None:
        options.rest_cores = ",".join(str(core) for core in sorted(os.sched_getaffinity(0)) if str(core) != options.proxy_core)
    if not options.rest_cores:
        parser.error("two cores are needed: one for the proxy, one for load and backend.")
    return options


def about(options):
    """Seconds that a run takes, about."""
    proxies = len(options.proxy or contenders.ALL)
    # Two loads are enough for what is compiled beforehand, and for all once they are warm.
    warm_up = 2 * proxies * (options.warm_up_seconds + 0.3)
    total = 5 + 2 * proxies + 2 * options.warm_ups * options.warm_up_seconds
    total += sum(warm_up + (proxies * options.rounds + 1) * (options.seconds + 0.3) for s in SATURATIONS if wanted(options, s.name))
    if wanted(options, IDLE[0]):
        total += warm_up + proxies * (options.seconds + 4)
    if wanted(options, LATENCY[0]):
        total += warm_up + options.rounds * (4 * proxies - 2) * (options.latency_seconds + 0.6)
    return total


def wanted(options, name):
    return not options.scenario or name in options.scenario


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.sched_setaffinity(0, {int(core) for core in options.rest_cores.split(",")})
    contenders.MeshCanary.program, contenders.StockYarp.program, Generators.pacer = options.meshcanary, options.stock_yarp, options.pacer
    facts(options, about(options))
    saturation, added = {}, {}
    with Stage() as stage:
        run = Run(options, stage)
        for scenario in SATURATIONS:
            if wanted(options, scenario.name):
                heading(scenario.name, scenario.title)
                saturation[scenario.name] = run.saturate(scenario)
                report.saturation(run.kinds, saturation[scenario.name])
        if wanted(options, LATENCY[0]):
            heading(*LATENCY)
            added = run.latencies(saturation.get("get100", {}))
            report.latency(run.kinds, added)
        share = run.canary_share()
        if wanted(options, IDLE[0]):
            heading(*IDLE)
            report.idle(run.kinds, run.hold(min(IDLE_CONNECTIONS, FILES - 2000)))
    if share:
        print(f"MeshCanary sent {share[0]:.2%} of {share[1]:,.0f} requests to the canary; 10% were asked for.\n")
    first = saturation.get("get100", {})

    def against(name):
        return report.ratio(first.get("meshcanary"), first.get(name), lambda sample: sample.load.rate)

    def tail(name):
        return report.added_p99(added.get(name), 0)

    def bar(what, name, least):
        return what, against(name), least, True, report.saturated(first.get("meshcanary")) and report.saturated(first.get(name))

    ours, nginx = tail("meshcanary"), tail("nginx")
    missed = report.bars([
        bar("requests/s, 100-byte GET, ours to stock YARP", "yarp", 1.8),
        bar("the same to nginx", "nginx", 0.55),
        bar("the same to Caddy", "caddy", 1.6),
        ("added p99 at half of its own saturation, ours to nginx", ours / nginx if ours and nginx and nginx > 0 else None, 2, False, True)])
    if run.broken:
        return 1
    return 3 if missed and options.strict else 0


def heading(name, title):
    print(f"## {name}: {title}", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Broken as broken:
        print(f"error: {broken}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
