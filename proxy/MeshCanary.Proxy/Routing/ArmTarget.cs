using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Forwarding;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Routing;

/// <summary>One arm of a route: where its requests go, how, and where they are counted. Immutable.</summary>
internal sealed class ArmTarget
{
    public required string Revision { get; init; }

    public required EndpointSet Endpoints { get; init; }

    public required RevisionCounters Counters { get; init; }

    /// <summary>What changes in the headers of requests; null for nothing.</summary>
    public required HeaderRules? RequestHeaders { get; init; }

    /// <summary>What changes in the headers of responses; null for nothing.</summary>
    public required HeaderRules? ResponseHeaders { get; init; }

    /// <summary>How many requests it may have at a time; null for any number.</summary>
    public required ConcurrencyCap? Cap { get; init; }

    /// <summary>Ends what still runs some time after a canary has left; null for stable, whose requests nobody ends.</summary>
    public required ArmEnding? Ending { get; init; }
}
