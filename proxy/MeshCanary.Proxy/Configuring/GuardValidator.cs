using MeshCanary.Contracts.V1;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Finds every fault of what guards and mirrors a route.</summary>
internal static class GuardValidator
{
    private const uint MostFailures = 10_000;
    private const uint MostAtOnce = 10_000;
    private const uint LongestBody = 16 * 1024 * 1024;
    private const uint LongestMilliseconds = 3_600_000;

    public static IEnumerable<string> Faults(Route route)
    {
        if (route.Canary is null)
        {
            if (route.Mirror is not null)
                yield return "mirror: is given, but there is no canary arm to mirror to.";
            yield break;
        }

        foreach (var fault in MirrorFaults(route.Mirror).Concat(CircuitFaults(route.Circuit)))
            yield return fault;
        if (route.Budget is { Run.Length: 0 })
            yield return "budget.run: is empty; without it nobody knows what has been spent.";
    }

    private static IEnumerable<string> MirrorFaults(Mirror? mirror)
    {
        if (mirror is null)
            yield break;
        if (mirror.Share > BasisPoints.Whole)
            yield return $"mirror.share: {mirror.Share} is above {BasisPoints.Whole} basis points.";
        if (mirror.MaxConcurrent > MostAtOnce)
            yield return $"mirror.max_concurrent: {mirror.MaxConcurrent} is above {MostAtOnce}.";
        if (mirror.MaxBodyBytes > LongestBody)
            yield return $"mirror.max_body_bytes: {mirror.MaxBodyBytes} is above {LongestBody}; each copy keeps its body in memory.";
        if (mirror.TimeoutMs > LongestMilliseconds)
            yield return $"mirror.timeout_ms: {mirror.TimeoutMs} is above {LongestMilliseconds}.";
    }

    private static IEnumerable<string> CircuitFaults(Circuit? circuit)
    {
        if (circuit is null)
            yield break;
        if (circuit.Failures > MostFailures)
            yield return $"circuit.failures: {circuit.Failures} is above {MostFailures}.";
        if (circuit.FailurePercent > 100)
            yield return $"circuit.failure_percent: {circuit.FailurePercent} is above 100.";
        if (circuit.WindowMs > LongestMilliseconds)
            yield return $"circuit.window_ms: {circuit.WindowMs} is above {LongestMilliseconds}.";
        if (circuit.PauseMs > LongestMilliseconds)
            yield return $"circuit.pause_ms: {circuit.PauseMs} is above {LongestMilliseconds}.";
    }
}
