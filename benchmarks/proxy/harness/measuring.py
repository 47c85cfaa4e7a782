"""One measurement: a load on a proxy, with what it cost the proxy's processes."""
import dataclasses

from .load import Load


@dataclasses.dataclass
class Sample:
    load: Load
    cpu: float  # seconds of the proxy's processes
    resident: int  # bytes, right after the load

    @property
    def cpu_per_request(self):
        """Microseconds."""
        return self.cpu / max(self.load.requests, 1) * 1e6

    @property
    def busy(self):
        """Part of the proxy's core that the load took, 0 to 1. Well below 1, something else was the limit."""
        return self.cpu / self.load.seconds


def measure(process, generate):
    process.check()
    before = process.cpu_seconds()
    load = generate()
    return Sample(load, process.cpu_seconds() - before, process.resident_bytes())
