using MeshCanary.Soak.Control;
using MeshCanary.Soak.Loads;
using MeshCanary.Soak.Measuring;
using MeshCanary.Testing.Exchanges;
using MeshCanary.Testing.Meshes;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Soak;

/// <summary>What is found after the load: memory, handles, requests and counts.</summary>
internal sealed class Judge(ControlStand stand, Stage stage, ProxyProcess proxy, Mix mix)
{
    private const double TolerableMegabytesAnHour = 20;

    // A heap that breathes moves by as much within any few minutes.
    private const double TolerableMegabytes = 10;

    // An assembly that is first needed under load stays open.
    private const int TolerableHandles = 32;

    private static readonly string[] OrderlyRoutes = [SoakRoutes.Web, SoakRoutes.Grpc];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Verdict _verdict = new();
    private bool _reported;
    private int _handles;

    /// <summary>Ends all clients, and waits until everything is reported and closed, or long enough.</summary>
    public async Task SettleAsync(int idleHandles, CancellationToken cancellation)
    {
        await mix.DisposeAsync();
        stand.Calm();
        _reported = await InTimeAsync(
            () => stand.Reports.Total(OrderlyRoutes) >= mix.Orderly.Load.Answered && stand.Reports.Total(SoakRoutes.Rough) >= mix.Rough.Load.Answered, cancellation);
        var more = stand.Reports.Count + 3;
        _reported &= await InTimeAsync(() => stand.Reports.Count >= more, cancellation);
        var closed = await InTimeAsync(() => (_handles = ProcessReading.Of(proxy.Id).Handles) <= idleHandles + TolerableHandles, cancellation);
        _verdict.Check(closed, $"handles: {_handles} after the load, {idleHandles} before it; tolerated are {TolerableHandles} more");
    }

    /// <summary>Ends the proxy and prints what was found.</summary>
    public async Task<bool> JudgeAsync(Changes changes, Task changing, IReadOnlyList<(double X, double Y)> memory, CancellationToken cancellation)
    {
        var metrics = await proxy.MetricsAsync(cancellation);
        var exit = await proxy.TerminateAsync(cancellation);
        _verdict.Check(exit == 0, $"the proxy ended with code {exit} when it was asked to");
        JudgeMemory(memory);
        var reports = stand.Reports;
        _verdict.Check(
            !changing.IsFaulted,
            changing.Exception?.InnerException?.Message
            ?? $"{changes.Weights} snapshots with new weights, {changes.Endpoints} endpoints that left and came back, {changes.Runs} runs, {stand.Cuts} broken streams, {reports.Event("again")} reports that came again");
        _verdict.Check(
            reports.Event("openings") > 0 && reports.Event("copies") > 0,
            $"circuit: {reports.Event("openings")} openings; {reports.Event("copies"):N0} copies, {reports.Event("copies dropped"):N0} not sent; {reports.Event("diverted"):N0} diverted, {reports.Event("retries"):N0} tried elsewhere");
        var failures = mix.Failures;
        _verdict.Check(failures.Count == 0, $"{mix.Begun:N0} requests, {failures.Count} of them failed that should not have {string.Join("; ", failures.Take(5))}");
        JudgeOrderly();
        JudgeRough();
        JudgeLeaving();
        _verdict.Check(_reported && reports.Faults.Count == 0, $"{reports.Count:N0} reports, none left out or altered {string.Join("; ", reports.Faults.Take(5))}");
        JudgeMetrics(metrics);
        return _verdict.IsGood;
    }

    // What a busier minute took for good (compiled code, native arenas) is a step, in one of the two; a leak is in both.
    private void JudgeMemory(IReadOnlyList<(double X, double Y)> memory)
    {
        var end = memory[^1].X;
        List<(double X, double Y)> half = [.. memory.Where(sample => sample.X >= end / 2)], quarter = [.. half.Where(sample => sample.X >= end * 3 / 4)];
        var (slope, late) = (Fit.Slope(half), Fit.Slope(quarter));
        var tolerable = Math.Max(TolerableMegabytesAnHour, TolerableMegabytes / (end / 2));
        _verdict.Check(
            Math.Min(slope, late) <= tolerable,
            $"memory: {slope:F1} MB/hour over the second half, {late:F1} over its last half, tolerated are {tolerable:F0} in both; from {half[0].Y:F0} MB to {half[^1].Y:F0} MB, highest {memory.Max(sample => sample.Y):F0} MB");
    }

    private void JudgeOrderly()
    {
        var (load, backends, reports) = (mix.Orderly.Load, stage.Orderly, stand.Reports);
        _verdict.Same("by endpoint and outcome", Tallies.Endpoints(load, backends), reports.Endpoints(OrderlyRoutes));
        _verdict.Same("by version and outcome", Tallies.Revisions(load, backends), reports.Revisions(OrderlyRoutes));
        foreach (var outcome in new[] { Outcome.ConnectionFailure, Outcome.GivenUp })
        {
            var (clients, versions) = (Of(load, outcome), backends.Sum(backend => backend.Hidden(outcome)));
            _verdict.Check(clients == versions, $"{outcome}: clients had {clients:N0}, versions know of {versions:N0}");
        }
    }

    // Who it was that broke off, the client cannot know.
    private void JudgeRough()
    {
        var load = mix.Rough.Load;
        var replies = Tallies.Sum(load.Replies.Select(pair => ($"{pair.Key.Version} {pair.Key.Outcome}".Trim(), pair.Value)));
        var broken = $"{Outcome.ConnectionFailure}";
        var reported = Tallies.Sum(stand.Reports.Revisions(SoakRoutes.Rough)
            .Select(pair => (pair.Key.EndsWith(broken, StringComparison.Ordinal) ? broken : pair.Key, pair.Value)));
        _verdict.Same("versions in trouble, by version and outcome", replies, reported);
        var deaths = stage.RoughStable.Deaths + stage.RoughCanary.Deaths;
        var (lost, most) = (Of(load, Outcome.ConnectionFailure), deaths * RoughLoad.Clients);
        _verdict.Check(lost <= most, $"{deaths} deaths of endpoints broke off {lost:N0} requests; at most {most:N0} can have been under way");
    }

    private void JudgeLeaving()
    {
        var (load, counts) = (mix.Leaving.Load, stand.Reports.Revisions(SoakRoutes.Leaving));
        var total = counts.Values.Sum();
        var blamed = counts.Where(pair => !pair.Key.EndsWith($"{Outcome.GivenUp}", StringComparison.Ordinal) && !pair.Key.EndsWith($"{Outcome.Success}", StringComparison.Ordinal)).ToList();
        _verdict.Check(
            total >= mix.Leaving.Arrived && total <= load.Begun && blamed.Count == 0,
            $"clients that go away: {total:N0} counted, at least {mix.Leaving.Arrived:N0} arrived of {load.Begun:N0}; {blamed.Sum(pair => pair.Value)} count as a version's failure {string.Join("; ", blamed.Take(5))}");
    }

    private void JudgeMetrics(IReadOnlyDictionary<string, double> metrics)
    {
        foreach (var route in (string[])[.. OrderlyRoutes, SoakRoutes.Rough])
        {
            var counted = (long)metrics.Where(pair => pair.Key.StartsWith($"meshcanary_proxy_requests_total{{route=\"{route}\"", StringComparison.Ordinal)).Sum(pair => pair.Value);
            var reported = stand.Reports.Total(route);
            _verdict.Check(counted == reported, $"/metrics of {route}: {counted:N0}, reports {reported:N0}");
        }
    }

    private static long Of(SteadyLoad load, Outcome outcome) => load.Replies.Where(pair => pair.Key.Outcome == outcome).Sum(pair => pair.Value);

    private static async Task<bool> InTimeAsync(Func<bool> condition, CancellationToken cancellation)
    {
        try
        {
            await Eventually.TrueAsync(condition, Patience, "it settles", cancellation: cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
