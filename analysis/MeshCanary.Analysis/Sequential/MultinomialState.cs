using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Sequential;

/// <summary>State of a multinomial e-process.</summary>
public sealed record MultinomialState
{
    /// <summary>Counts so far per category.</summary>
    public required ImmutableArray<long> Counts { get; init; }

    /// <summary>ln of the null likelihood so far; negative infinity once something impossible was seen.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public required double LogNull { get; init; }

    /// <summary>Highest ln E so far; infinite then too.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public required double Highest { get; init; }
}
