using MeshCanary.Splitting.Weights;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>Finds what would spoil the sums in a report, or contradicts itself.</summary>
internal static class ReportCheck
{
    private const ulong MostRequests = OutcomeBudget.MostRequests;
    private const long LastUnixMs = 253_402_300_799_999;

    /// <summary>The first fault, or null.</summary>
    public static string? FindFault(Wire.IntervalReport report)
    {
        if (report.Sequence is 0 or > long.MaxValue)
            return $"sequence {report.Sequence} is outside 1…{long.MaxValue}";
        if (report.StartUnixMs < 0 || report.EndUnixMs < report.StartUnixMs || report.EndUnixMs > LastUnixMs)
            return $"it lasts from {report.StartUnixMs} to {report.EndUnixMs}";
        var budget = new OutcomeBudget();
        return report.Routes.Select(route => FindFault(route, budget) is { } fault ? $"route {route.Route}: {fault}" : null)
            .FirstOrDefault(fault => fault is not null);
    }

    private static string? FindFault(Wire.RouteCounts route, OutcomeBudget budget)
    {
        foreach (var served in route.Revisions)
        {
            if (budget.Begin(Outcomes.Of(served)) is { } fault)
                return $"revision {served.Revision}: {fault}";
            if (served.Endpoints.Select(endpoint => FindFault(endpoint, budget)).FirstOrDefault(found => found is not null) is { } contradiction)
                return $"revision {served.Revision}: {contradiction}";
        }

        foreach (var users in route.Users)
        {
            foreach (var outcomes in new[] { users.Stable, users.Canary }.OfType<Wire.OutcomeCounts>())
            {
                if (budget.Begin(Outcomes.Of(outcomes)) is { } fault)
                    return $"users of {users.StableRevision} and {users.CanaryRevision}: {fault}";
            }

            if (users.Uncounted > MostRequests)
                return $"users of {users.StableRevision} and {users.CanaryRevision}: {users.Uncounted} uncounted is above {MostRequests}";
        }

        foreach (var mirror in route.Mirrors)
        {
            if (mirror.Outcomes is { } outcomes && budget.Begin(Outcomes.Of(outcomes)) is { } fault)
                return $"copies for {mirror.CanaryRevision}: {fault}";
            if (mirror.Dropped > MostRequests)
                return $"copies for {mirror.CanaryRevision}: {mirror.Dropped} dropped is above {MostRequests}";
        }

        if (route.Exposure is { } spent && new[] { spent.Requests, spent.Failures, spent.AllowedRequests, spent.AllowedFailures }.Max() > MostRequests)
            return $"a figure of its exposure is above {MostRequests}";

        foreach (var drawn in route.Draws)
        {
            if (drawn.CanaryWeight > BasisPoints.Whole)
                return $"weight {drawn.CanaryWeight} is above {BasisPoints.Whole}";
            if (drawn.Stable > MostRequests || drawn.Canary > MostRequests || drawn.SnapshotVersion > long.MaxValue)
                return $"a count of draws is above {MostRequests}";
            if (drawn.RepeatStable > drawn.Stable || drawn.RepeatCanary > drawn.Canary)
                return "more repeated draws than draws";
        }

        return null;
    }

    // Endpoints share out what the revision has: more than that is counted twice somewhere, and neither can be believed.
    private static string? FindFault(Wire.EndpointCounts endpoint, OutcomeBudget budget)
    {
        if (endpoint.Outcomes is null)
            return null;
        var outcomes = Outcomes.Of(endpoint.Outcomes);
        if (budget.Take(outcomes) is { } fault)
            return $"endpoint {endpoint.Address}: {fault}";
        var requests = outcomes.Latency.Concat(outcomes.GivenUp).Aggregate(outcomes.Errors, (sum, bucket) => sum + bucket.Count);
        return (endpoint.Requests, endpoint.Errors) == (requests, outcomes.Errors)
            ? null
            : $"endpoint {endpoint.Address} has {endpoint.Requests} requests and {endpoint.Errors} errors, but outcomes of {requests} and {outcomes.Errors}";
    }
}
