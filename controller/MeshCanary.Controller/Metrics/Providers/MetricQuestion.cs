using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Providers;

/// <summary>One query, and the time that it is about. Immutable.</summary>
internal sealed record MetricQuestion
{
    /// <summary>Who is asked.</summary>
    public required MetricProviderSpec Provider { get; init; }

    /// <summary>Namespace of the template, in which its Secret is.</summary>
    public required string Namespace { get; init; }

    /// <summary>The query in the provider's own language, with every variable filled in.</summary>
    public required string Query { get; init; }

    /// <summary>Start of the time that is asked for.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End of the time that is asked for; the answer is about all of it.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Longest wait for the answer, tries included.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>What the Secret holds, by key; empty for none. Never logged, and in no message.</summary>
    public ImmutableDictionary<string, string> Credentials { get; init; } = ImmutableDictionary<string, string>.Empty;
}
