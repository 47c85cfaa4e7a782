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
        bound = busy < SATURATED
        if bound:
            notes.add(f"≥: the proxy had less than {SATURATED:.0%} of its core to do, so the load was the limit and the figure is a lower bound. "
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


def bars(lines):
    """Lines are (what, value or None, bar, whether more is better)."""
    print("## Bars\n", end="")
    rows, missed = [], False
    for what, value, bar, more in lines:
        if value is None:
            verdict = "not measured"
        else:
            met = value >= bar if more else value <= bar
            missed |= not met
            verdict = "met" if met else "**not met**"
        rows.append([what, "-" if value is None else f"{value:.2f}", f"{'≥' if more else '≤'} {bar}", verdict])
    table(["what", "measured", "bar", ""], rows)
    return missed
