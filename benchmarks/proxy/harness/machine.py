"""What the figures were taken on."""
import os
import platform
import re
import subprocess

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")


def _first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False, cwd=ROOT)
    except FileNotFoundError:
        return "not there"
    return ((done.stdout + done.stderr).strip().splitlines() or [""])[0]


def _version(pattern, *command):
    found = re.search(pattern, _first_line(*command))
    return found.group(1) if found else "unknown"


def _model():
    with open("/proc/cpuinfo") as info:
        found = re.search(r"model name\s*: (.*)", info.read())
    return found.group(1) if found else platform.machine()


def _yarp():
    with open(os.path.join(ROOT, "Directory.Packages.props")) as packages:
        return re.search(r'"Yarp.ReverseProxy" Version="([^"]+)"', packages.read()).group(1)


def facts(options, seconds):
    commit = _first_line("git", "rev-parse", "--short", "HEAD")
    if _first_line("git", "status", "--porcelain", "--untracked-files=no"):
        commit += " with changes"
    print(f"""# The proxies side by side
- {_model()}, {os.cpu_count()} cores, Linux {platform.release()}; load average at the start {os.getloadavg()[0]:.2f}
- proxy on core {options.proxy_core}; generator, backend and controller on {options.rest_cores}
- MeshCanary at {commit}; .NET {_first_line("dotnet", "--version")}; YARP {_yarp()}
- nginx {_version("nginx/([0-9.]+)", "nginx", "-v")}, HAProxy {_version("version ([0-9.]+)", "haproxy", "-v")}, \
Caddy {_version("([0-9.]+)", "caddy", "version")}, wrk {_version("([0-9]+[.][0-9.]+)", "wrk", "-v")}, \
h2load {_version("nghttp2/([0-9.]+)", "h2load", "--version")}
- {options.rounds} rounds of {options.seconds} s; medians; ratios are of the same round; this takes about {seconds / 60:.0f} minutes
""", flush=True)
    if os.getloadavg()[0] > 1:
        print("**Other work runs on this machine: what follows is for a look only.**\n", flush=True)
