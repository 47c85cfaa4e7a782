"""Processes of a run: started on given cores, counted by /proc, ended by their ids."""
import itertools
import os
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

# Files that a process may have open; run.sh has raised the limit as far as it goes.
FILES = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 65536)
TICKS = os.sysconf("SC_CLK_TCK")


def free_port(_taken=itertools.count(18000)):
    """A port below those that the system gives to clients, so that a load cannot take it before its proxy does."""
    for port in _taken:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Broken(Exception):
    """Something did not work that the figures rest on."""


class Process:
    """One program with all its children (nginx has a master and a worker)."""

    def __init__(self, name, command, cores, log, environment=None):
        self.name, self.log = name, log
        with open(log, "ab") as out:
            self._popen = subprocess.Popen(
                ["taskset", "-c", cores, *command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env={**os.environ, **(environment or {})})

    def check(self):
        if self._popen.poll() is not None:
            with open(self.log, errors="replace") as log:
                raise Broken(f"{self.name} ended with code {self._popen.returncode}:\n{log.read()[-2000:]}")

    def _ids(self):
        ids = [self._popen.pid]
        for pid in ids:
            try:
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/children") as children:
                        ids += [int(child) for child in children.read().split()]
            except OSError:
                pass
        return ids

    def cpu_seconds(self):
        """User and system time of all its processes so far."""
        total = 0
        for pid in self._ids():
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    fields = stat.read().rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
            except OSError:
                pass
        return total / TICKS

    def resident_bytes(self):
        """Anonymous and file pages of all its processes; pages that they share are counted once for each."""
        total = 0
        for pid in self._ids():
            try:
                with open(f"/proc/{pid}/statm") as statm:
                    total += int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            except OSError:
                pass
        return total

    def end(self):
        if self._popen.poll() is not None:
            return
        ids = self._ids()
        self._popen.send_signal(signal.SIGTERM)
        try:
            self._popen.wait(5)
        except subprocess.TimeoutExpired:
            for pid in ids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            self._popen.wait()


class Stage:
    """The temporary folder and everything that was started; leaving it takes all of it down."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="proxy-benchmark-")
        # nginx, started by root, reads as another user.
        os.chmod(self.folder, 0o755)
        self._processes = []
        return self

    def __exit__(self, *_):
        for process in reversed(self._processes):
            process.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb" if isinstance(content, bytes) else "w") as file:
            file.write(content)
        return path

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, name, command, cores, environment=None):
        process = Process(name, command, cores, self.path(f"{name}.log"), environment)
        self._processes.append(process)
        return process

    def run(self, command):
        """Runs a command to its end."""
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise Broken(f"{' '.join(command)} ended with code {done.returncode}:\n{done.stdout}{done.stderr}")

    def end(self, process):
        process.end()
        self._processes.remove(process)


def until(condition, what, seconds=30, process=None):
    """Waits for a condition; it may raise OSError for "not yet"."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except OSError:
            pass
        if process is not None:
            process.check()
        if time.monotonic() > deadline:
            raise Broken(f"{what} within {seconds} s did not come about.")
        time.sleep(0.05)


def answers(url):
    with urllib.request.urlopen(url, timeout=2) as response:
        return response.status == 200
