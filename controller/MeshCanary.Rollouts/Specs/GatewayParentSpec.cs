namespace MeshCanary.Rollouts.Specs;

/// <summary>What a route is attached to: a Gateway, or a Service for the clients within a mesh.</summary>
/// <param name="Kind"><c>Gateway</c> or <c>Service</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record GatewayParentSpec(string Kind, string Name)
{
    /// <summary>Its namespace; null for that of the Canary.</summary>
    public string? Namespace { get; init; }

    /// <summary>Name of its listener or port; null for all of them.</summary>
    public string? SectionName { get; init; }

    /// <summary>Number of its port; null for all of them.</summary>
    public int? Port { get; init; }
}
