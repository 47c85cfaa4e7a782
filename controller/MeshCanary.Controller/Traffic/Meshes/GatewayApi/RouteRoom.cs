using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>Whether the API has room for the rules of a route. Not thread-safe.</summary>
internal sealed class RouteRoom
{
    private const int MostRules = 16;
    private const int MostBackends = 16;
    private const int MostMatches = 64;
    private const int MostMatchesOfAll = 128;

    private int _rules;
    private int _matches;
    private string? _ofOne;

    /// <summary>What there is no room for, in plain words; null when there is.</summary>
    public string? Problem => _ofOne ?? (_rules, _matches) switch
    {
        ( > MostRules, _) => $"room for {_rules} rules, those for match rules among them; the Gateway API allows {MostRules}: split the route in two, or remove match rules",
        (_, > MostMatchesOfAll) => $"room for {_matches} matches, those for match rules among them; the Gateway API allows {MostMatchesOfAll}: split the route in two, or remove match rules",
        _ => null,
    };

    /// <summary>Counts a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="arms">Backends that come to it.</param>
    public void Add(JsonNode? rule, int arms)
    {
        var matches = (rule?["matches"] as JsonArray)?.Count ?? 0;
        var backends = ((rule?["backendRefs"] as JsonArray)?.Count ?? 0) + arms;
        _rules++;
        _matches += matches;
        if (matches > MostMatches)
            _ofOne ??= $"room for {matches} matches in a rule, for which match rules were written; the Gateway API allows {MostMatches}: remove match rules";
        if (backends > MostBackends)
            _ofOne ??= $"room for {backends} backends in a rule, the two versions among them; the Gateway API allows {MostBackends}";
    }
}
