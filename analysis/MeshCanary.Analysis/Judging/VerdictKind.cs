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

    /// <summary>The traffic split itself is broken: the counts must not be trusted in either direction.</summary>
    Invalid,
}
