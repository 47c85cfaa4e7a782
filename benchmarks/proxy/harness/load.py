"""The load generators, and what they say about a run."""
import dataclasses
import os
import re
import subprocess

from .processes import Broken

SETTLING = 0.5  # seconds


@dataclasses.dataclass
class Load:
    """One run of a generator."""
    requests: int
    seconds: float
    p50: float  # microseconds
    p99: float
    errors: int  # answers that are not 2xx, and connections that broke
    quarters: list = dataclasses.field(default_factory=list)  # p50 and p99 of each quarter of a second, at a given rate only

    @property
    def rate(self):
        return self.requests / self.seconds


class Generators:
    """wrk for HTTP/1.1, h2load for HTTP/2 and gRPC, MeshCanary.Pacer for a given rate; on cores of their own."""
    pacer = ""

    def __init__(self, cores, folder):
        self._cores, self._log = cores, os.path.join(folder, "requests.log")

    def wrk(self, url, seconds, connections, script=None, headers=()):
        """HTTP/1.1, as fast as the answers come: each connection has one request under way at any time."""
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "5s"]
        for header in headers:
            command += ["-H", header]
        if script:
            command += ["-s", script]
        text = self._run([*command, url], seconds)
        count, took, unit = re.search(r"(\d+) requests in ([\d.]+)(ms|s|m)", text).groups()
        wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
        return Load(
            int(count), float(took) * {"ms": 1e-3, "s": 1, "m": 60}[unit], _wrk_latency(text, "50%"), _wrk_latency(text, "99%"),
            (int(wrong.group(1)) if wrong else 0) + (sum(map(int, broken.groups())) if broken else 0))

    def h2load(self, url, seconds, connections, streams, body=None, headers=()):
        """HTTP/2 without TLS, as fast as the answers come."""
        command = ["h2load", "-D", str(seconds), "-c", str(connections), "-m", str(streams), f"--log-file={self._log}"]
        for header in headers:
            command += ["-H", header]
        if body:
            command += ["-d", body]
        return self._h2load([*command, url], seconds)

    def steady(self, url, seconds, rate, connections=64):
        """HTTP/1.1 at a given rate, as requests of many people come: by chance, and however long the answers take. The first half
        second is left out."""
        own = self._cores.split(",")[-1]
        shared = "shared" if own == self._cores else "own"
        self._run(["dotnet", "exec", self.pacer, url, f"{rate:.0f}", str(seconds + SETTLING), str(connections), shared, self._log], seconds, own)
        lines = self._lines()
        begin = min(int(line[0]) for line in lines) + SETTLING * 1e6
        lines = [line for line in lines if int(line[0]) >= begin]
        latencies = sorted(int(line[2]) for line in lines)
        wrong = sum(not line[1].startswith("2") for line in lines)
        return Load(len(lines), seconds, _at(latencies, 0.5), _at(latencies, 0.99), wrong, _quarters(lines, begin))

    def _h2load(self, command, seconds):
        if os.path.exists(self._log):
            os.remove(self._log)  # It is appended to.
        text = self._run(command, seconds)
        lines = self._lines()
        latencies = sorted(int(line[2]) for line in lines)
        seconds = float(re.search(r"finished in ([\d.]+)s", text).group(1)) if "ms," not in text else seconds
        failed, errored = re.search(r"(\d+) failed, (\d+) errored", text).groups()
        return Load(len(lines), seconds, _at(latencies, 0.5), _at(latencies, 0.99), max(int(failed), int(errored)))

    def _lines(self):
        """A line for each request: when it began and how long it took in microseconds, its status between them."""
        with open(self._log) as log:
            lines = [line.split("\t") for line in log]
        if not lines:
            raise Broken("A load made no request.")
        return lines

    def _run(self, command, seconds, cores=None):
        command = ["taskset", "-c", cores or self._cores, *command]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds * 3 + 30, check=False)
        except subprocess.TimeoutExpired as late:
            raise Broken(f"{' '.join(command)} did not end.") from late
        if done.returncode != 0:
            raise Broken(f"{' '.join(command)} ended with code {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout


def _wrk_latency(text, percentile):
    value, unit = re.search(rf"^\s+{percentile}\s+([\d.]+)(us|ms|s)\s*$", text, re.MULTILINE).groups()
    return float(value) * {"us": 1, "ms": 1e3, "s": 1e6}[unit]


def _quarters(lines, begin):
    """What a disturbance of some milliseconds touches is a quarter of a second, and the others stay as they are."""
    parts = {}
    for line in lines:
        parts.setdefault(int((int(line[0]) - begin) // 250_000), []).append(int(line[2]))
    fullest = max(len(part) for part in parts.values())
    # The first and the last may be pieces.
    whole = [sorted(part) for part in parts.values() if len(part) > fullest / 2]
    return [(_at(part, 0.5), _at(part, 0.99)) for part in whole]


def _at(ordered, part):
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]
