using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Annotating;

/// <summary>A Canary's spec while annotations are read into it.</summary>
internal sealed class SpecDraft
{
    private static readonly ImmutableArray<string> OrdinarySteps = ["1", "5", "25", "50"];

    private readonly JsonObject _spec = [];
    private readonly List<string> _guards = [];

    /// <summary>Weights in percent.</summary>
    public ImmutableArray<string> Steps { get; set; } = OrdinarySteps;

    public string? StepDuration { get; set; }

    public string? MaxStepDuration { get; set; }

    /// <summary>How long a person's consent is waited for before the promotion; null for not at all.</summary>
    public string? Approval { get; set; }

    public static IEnumerable<string> Split(string value) => value.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>Writes a field at its path.</summary>
    public void Put(string path, JsonNode value)
    {
        var names = path.Split('.');
        var at = _spec;
        foreach (var name in names.SkipLast(1))
        {
            if (at[name] is not JsonObject inner)
                at[name] = inner = [];
            at = inner;
        }

        at[names[^1]] = value;
    }

    public void Guard(string metric, string max)
    {
        var guards = _spec["analysis"]?["guards"] as JsonArray ?? [];
        guards.Add(new JsonObject { ["metric"] = metric, ["max"] = max });
        if (guards.Parent is null)
            Put("analysis.guards", guards);
        _guards.Add(metric);
    }

    /// <summary>The spec, steps and all.</summary>
    public JsonObject Finish()
    {
        var steps = new JsonArray([.. Steps.Select(Step)]);
        if (Approval is not null)
            steps.Add(new JsonObject { ["approval"] = new JsonObject { ["timeout"] = Approval } });
        Put("strategy.steps", steps);
        return _spec;
    }

    /// <summary>The path as the keys have it, for a path of the spec: <c>analysis.guards.errorRate</c> for <c>spec.analysis.guards[0].max</c>.</summary>
    public string Locate(string specPath)
    {
        var path = specPath.StartsWith("spec.", StringComparison.Ordinal) ? specPath["spec.".Length..] : specPath;
        for (var index = 0; index < _guards.Count; index++)
        {
            if (path.StartsWith($"analysis.guards[{index}]", StringComparison.Ordinal))
                return $"analysis.guards.{_guards[index]}";
        }

        // Durations are the same for every step, and the keys have no index.
        var end = path.IndexOf('[', StringComparison.Ordinal);
        return end < 0 ? path : path[..end] + path[(path.IndexOf(']', StringComparison.Ordinal) + 1)..];
    }

    private JsonNode Step(string weight)
    {
        var step = new JsonObject { ["weight"] = weight };
        if (StepDuration is not null)
            step["minDuration"] = StepDuration;
        if (MaxStepDuration is not null)
            step["maxDuration"] = MaxStepDuration;
        return step;
    }
}
