namespace MeshCanary.Rollouts.Specs;

/// <summary>What only an address of one's own asks for.</summary>
public sealed record WebSpec
{
    /// <summary>Where the number is in the answer, as JSONPath.</summary>
    public required string JsonPath { get; init; }

    /// <summary>Whether the query is posted as the body; else it is what follows the address.</summary>
    public bool IsPost { get; init; }

    /// <summary>Media type of the body that is posted.</summary>
    public string ContentType { get; init; } = "application/json";
}
