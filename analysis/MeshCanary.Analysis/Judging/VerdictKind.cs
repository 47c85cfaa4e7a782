using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Judging;

/// <summary>What the evidence so far says of the canary.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VerdictKind>))]
public enum VerdictKind
{
    /// <summary>Neither side is proven yet; the verdict says what is missing and for how long at the present rate.</summary>
    NotEnoughData,

    /// <summary>Every required metric is proven harmless within its harm margin.</summary>
    Pass,

    /// <summary>A regression beyond the tolerance is proven, or a guard was breached.</summary>
    Fail,

    /// <summary>
    /// The counts must not be trusted in either direction: the traffic split itself is broken, or the arms differ by more
    /// than the version.
    /// </summary>
    Invalid,

    /// <summary>
    /// A regression beyond the tolerance is proven, but it comes from one endpoint of the canary and not from the version: it
    /// is neither a Pass nor a reason to roll back. The verdict names the endpoint.
    /// </summary>
    Inconclusive,
}
