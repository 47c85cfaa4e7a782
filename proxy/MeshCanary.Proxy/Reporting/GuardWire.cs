using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Guarding;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Writes what a guard shows as the protocol has it.</summary>
internal static class GuardWire
{
    public static CircuitReport? Circuit(CanaryGuard? guard)
    {
        if (guard?.Circuit?.Reading is not { } reading)
            return null;
        return new CircuitReport
        {
            CanaryRevision = guard.Key.CanaryRevision,
            State = reading.State switch
            {
                CircuitState.Closed => CircuitReport.Types.State.Closed,
                CircuitState.Open => CircuitReport.Types.State.Open,
                _ => CircuitReport.Types.State.HalfOpen,
            },
            Openings = (uint)reading.Openings,
            LastOpenedUnixMs = reading.LastOpened?.ToUnixTimeMilliseconds() ?? 0,
            CanaryFailures = (ulong)reading.Cause.CanaryFailures,
            CanaryRequests = (ulong)reading.Cause.CanaryRequests,
            StableFailures = (ulong)reading.Cause.StableFailures,
            StableRequests = (ulong)reading.Cause.StableRequests,
        };
    }

    public static ExposureReport? Exposure(CanaryGuard? guard)
    {
        if (guard?.Budget is not { } budget)
            return null;
        var report = new ExposureReport { Run = budget.Run, Requests = (ulong)budget.Requests, Failures = (ulong)budget.Failures };
        if (budget.AllowedRequests is { } requests)
            report.AllowedRequests = (ulong)requests;
        if (budget.AllowedFailures is { } failures)
            report.AllowedFailures = (ulong)failures;
        return report;
    }
}
