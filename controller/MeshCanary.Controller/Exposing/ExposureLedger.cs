using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Controller.Metrics;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Exposing;

/// <summary>
/// What a run may expose, and which proxy was given how much of it. The parts given never add up to more than the budget:
/// a part is stored before its proxy hears of it, and a proxy that is lost keeps what it was given. Pure and immutable.
/// </summary>
internal sealed record ExposureLedger
{
    /// <summary>The run, told apart from those of an earlier state of the same name.</summary>
    public required string Run { get; init; }

    /// <summary>Requests that the run may cost; null for no limit.</summary>
    public long? MaxRequests { get; init; }

    /// <summary>Failures that the run may cost; null for no limit.</summary>
    public long? MaxFailures { get; init; }

    /// <summary>Parts by proxy instance.</summary>
    public ImmutableDictionary<string, ExposurePart> Parts { get; init; } = ImmutableDictionary<string, ExposurePart>.Empty;

    /// <summary>The sum of what was given and spent.</summary>
    public ExposurePart Sum() => Parts.Values.Aggregate(ExposurePart.None, (sum, part) => new ExposurePart(
        sum.Requests + part.Requests, sum.Failures + part.Failures, sum.SpentRequests + part.SpentRequests, sum.SpentFailures + part.SpentFailures));

    /// <summary>The ledger of a run: the one before when it is the same run's, with the limits as they are now; null where nothing is limited.</summary>
    public static ExposureLedger? Of(ExposureLedger? before, Run run, ExposureSpec? spec)
    {
        if (spec is null)
            return null;
        var name = NameOf(run);
        var known = before?.Run == name ? before : new ExposureLedger { Run = name };
        return (known.MaxRequests, known.MaxFailures) == (spec.MaxRequests, spec.MaxFailures)
            ? known
            : known with { MaxRequests = spec.MaxRequests, MaxFailures = spec.MaxFailures };
    }

    /// <summary>The name that a run's figures go under.</summary>
    public static string NameOf(Run run) => string.Create(CultureInfo.InvariantCulture, $"{run.Id}-{run.StartedAt.ToUnixTimeMilliseconds()}");

    /// <summary>Takes in what proxies say that they spent.</summary>
    public ExposureLedger Hear(ImmutableDictionary<string, ProxyStanding> standings)
    {
        var parts = Parts;
        foreach (var (instance, standing) in standings)
        {
            if (standing.Exposure is not { } said || said.Run != Run)
                continue;
            var known = parts.GetValueOrDefault(instance, ExposurePart.None);
            var heard = new ExposurePart(
                // A state that was set back knows less than the proxy: what the proxy was given once, it has.
                Math.Max(known.Requests, (long)said.AllowedRequests),
                Math.Max(known.Failures, (long)said.AllowedFailures),
                Math.Max(known.SpentRequests, (long)said.Requests),
                Math.Max(known.SpentFailures, (long)said.Failures));
            if (heard != known)
                parts = parts.SetItem(instance, heard);
        }

        return ReferenceEquals(parts, Parts) ? this : this with { Parts = parts };
    }

    /// <summary>Gives to connected proxies that have spent half of what they have.</summary>
    public ExposureLedger Give(IReadOnlyCollection<string> connected)
    {
        var ledger = this;
        foreach (var instance in connected.Order(StringComparer.Ordinal))
        {
            var sum = ledger.Sum();
            var part = ledger.Parts.GetValueOrDefault(instance, ExposurePart.None);
            var raised = part with
            {
                Requests = part.Requests + Share(MaxRequests - sum.Requests, part.Requests, part.SpentRequests, connected.Count),
                Failures = part.Failures + Share(MaxFailures - sum.Failures, part.Failures, part.SpentFailures, connected.Count),
            };
            if (raised != part)
                ledger = ledger with { Parts = ledger.Parts.SetItem(instance, raised) };
        }

        return ledger;
    }

    /// <summary>Why no more requests can be spent, in words and without a full stop; null while they can.</summary>
    public string? RequestsSpent(IReadOnlyCollection<string> connected) => Sum() is var sum && MaxRequests is { } most
        && (sum.SpentRequests >= most || (sum.Requests >= most && connected.Any(instance => Of(instance) is { SpentRequests: > 0 } part && part.SpentRequests >= part.Requests)))
        ? Words(sum.SpentRequests, most, "request")
        : null;

    /// <summary>Why no more failures can be afforded, in words and without a full stop; null while they can.</summary>
    public string? FailuresSpent(IReadOnlyCollection<string> connected) => Sum() is var sum && MaxFailures is { } most
        && (sum.SpentFailures >= most || (sum.Failures >= most && connected.Any(instance => Of(instance) is { SpentFailures: > 0 } part && part.SpentFailures >= part.Failures)))
        ? Words(sum.SpentFailures, most, "failure")
        : null;

    /// <summary>The budget as every proxy gets it with the route: nothing yet.</summary>
    public Wire.ExposureBudget Nothing() => Budget(ExposurePart.None);

    /// <summary>A proxy's part; null when it was given none.</summary>
    public Wire.ExposureBudget? PartOf(string instance) => Of(instance) is { } part ? Budget(part) : null;

    private ExposurePart? Of(string instance) => Parts.GetValueOrDefault(instance);

    private Wire.ExposureBudget Budget(ExposurePart part)
    {
        var budget = new Wire.ExposureBudget { Run = Run };
        if (MaxRequests is not null)
            budget.Requests = (ulong)part.Requests;
        if (MaxFailures is not null)
            budget.Failures = (ulong)part.Failures;
        return budget;
    }

    // Little at first, since most of it would lie idle with proxies that see no traffic; half of the rest to who asks for more.
    private static long Share(long? left, long given, long spent, int connected)
    {
        if (left is not > 0 || spent * 2 < given)
            return 0;
        return Math.Min(left.Value, Math.Max(1, left.Value / ((given == 0 ? 8 : 2) * connected)));
    }

    private static string Words(long spent, long most, string noun) => spent >= most
        ? string.Create(CultureInfo.InvariantCulture, $"the exposure budget of {most} {noun}{(most == 1 ? "" : "s")} is spent")
        : string.Create(CultureInfo.InvariantCulture, $"the exposure budget of {most} {noun}{(most == 1 ? "" : "s")} is given away: {spent} are spent, the rest is with proxies that do not need it, or are lost");
}
