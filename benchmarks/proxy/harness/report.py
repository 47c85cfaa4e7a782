"""Tables in Markdown."""
import statistics

# Below this part of its core, the proxy was not what limited the load.
SATURATED = 0.9


def table(head, rows):
    print()
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def median(values):
    values = list(values)
    return statistics.median(values) if values else float("nan")


def ratio(ours, theirs, of):
    """Median over the rounds of ours to theirs in the same round; None without both."""
    if not ours or not theirs:
        return None
    return median(of(a) / of(b) for a, b in zip(ours, theirs) if of(b) > 0)


def saturation(contenders, samples):
    """A row for each proxy. `samples` has those of all rounds by name; a proxy that failed has fewer or none."""
    ours = samples.get("meshcanary")
    rows, notes = [], set()
    for contender in contenders:
        rounds = samples[contender.name]
        if not rounds:
            rows.append([contender.title, *["-"] * 7, "**it broke, see above**"])
            continue
        errors = sum(sample.load.errors for sample in rounds)
        busy = median(sample.busy for sample in rounds)
        compared = ratio(ours, rounds, lambda sample: sample.load.rate)
        bound = not saturated(rounds)
        if bound:
            notes.add(f"≥: the proxy had less than {SATURATED:.0%} of its core to do, so the load or other work on the machine was the limit and the figure is a lower bound. "
                      "CPU per request is exact all the same.")
        rows.append([
            contender.title, ("≥ " if bound else "") + f"{median(s.load.rate for s in rounds):,.0f}",
            "-" if compared is None else f"{compared:.2f}",
            f"{median(s.load.p50 for s in rounds) / 1e3:.2f} ms", f"{median(s.load.p99 for s in rounds) / 1e3:.2f} ms",
            f"{median(s.cpu_per_request for s in rounds):.1f} µs", f"{busy:.0%}",
            f"{median(s.resident for s in rounds) / 1e6:.0f} MB", f"**{errors:,} !**" if errors else "0"])
    table(["proxy", "requests/s", "ours / it", "p50", "p99", "CPU a request", "core busy", "memory", "errors"], rows)
    for note in sorted(notes):
        print(note + "\n")


def idle(contenders, held):
    ours = held.get("meshcanary")
    rows = []
    for contender in contenders:
        one = held.get(contender.name)
        if one is None:
            rows.append([contender.title, *["-"] * 5, "**it broke, see above**"])
            continue
        wrong = one.closed + one.sample.load.errors
        rows.append([
            contender.title, f"{one.before / 1e6:.0f} MB", f"{(one.after - one.before) / one.connections / 1e3:.1f} KB",
            f"{one.sample.load.rate:,.0f}", f"{ours.sample.load.rate / one.sample.load.rate:.2f}" if ours else "-",
            f"{one.sample.load.p99 / 1e3:.2f} ms", f"**{one.closed:,} closed, {one.sample.load.errors:,} failed !**" if wrong else "0"])
    table(["proxy", "memory before", "a connection", "requests/s meanwhile", "ours / it", "p99", "errors"], rows)


def latency(contenders, added):
    ours = added.get("meshcanary")
    for which, what in [(0, "At half of what each proxy can do"), (1, "At the same rate, half of what ours can do (without ours, half of the slowest)")]:
        print(f"\n{what}:")
        rows = []
        for contender in contenders:
            rounds = [both[which] for both in added[contender.name]]
            if not rounds:
                rows.append([contender.title, *["-"] * 6, "**it broke, see above**"])
                continue
            errors = sum(one.through.errors for one in rounds)
            wanted, got = rounds[0].rate, median(one.through.rate for one in rounds)
            rows.append([
                contender.title, f"{wanted:,.0f}" + (f" (got {got:,.0f} !)" if got < wanted * 0.97 else ""),
                f"{_usual(rounds, 'direct', 0):.0f} / {_usual(rounds, 'direct', 1):.0f} µs", f"{_added(rounds, 0):.0f} µs", f"{_added(rounds, 1):.0f} µs",
                _compared(added_p99(ours, which), _added(rounds, 1)),
                f"{median(one.direct.p99 for one in rounds):.0f} / {median(one.through.p99 for one in rounds):.0f} µs", f"**{errors:,} !**" if errors else "0"])
        table(["proxy", "requests/s", "direct p50 / p99", "added p50", "added p99", "added p99, ours / it", "p99 with disturbances, direct / through", "errors"], rows)
    print("Percentiles are of a quarter of a second, and the median of all quarters of all rounds: a disturbance of the machine touches few of them.\n"
          "With disturbances: of a whole load at once, and the median of the rounds.\n")


def added_p99(rounds, which):
    """In microseconds; None without any round."""
    return _added([both[which] for both in rounds], 1) if rounds else None


def _added(rounds, percentile):
    return _usual(rounds, "through", percentile) - _usual(rounds, "direct", percentile)


def _usual(rounds, way, percentile):
    return median(quarter[percentile] for one in rounds for quarter in getattr(one, way).quarters)


def _compared(ours, theirs):
    return "-" if ours is None or not theirs or theirs <= 0 else f"{ours / theirs:.2f}"


def saturated(rounds):
    """Whether the proxy itself was the limit; true without any round."""
    return not rounds or median(sample.busy for sample in rounds) >= SATURATED


def bars(lines):
    """Lines are (what, value or None, bar, whether more is better, whether all proxies in it were at their limit)."""
    print("## Bars")
    rows, missed = [], False
    for what, value, bar, more, certain in lines:
        if value is None:
            verdict = "not measured"
        else:
            met = value >= bar if more else value <= bar
            missed |= not met
            verdict = ("met" if met else "**not met**") + ("" if certain else "; uncertain, a proxy was not at its limit")
        rows.append([what, "-" if value is None else f"{value:.2f}", f"{'≥' if more else '≤'} {bar}", verdict])
    table(["what", "measured", "bar", ""], rows)
    return missed
