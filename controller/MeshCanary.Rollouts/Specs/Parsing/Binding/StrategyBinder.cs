using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;
using MeshCanary.Rollouts.Strategies;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.strategy</c>.</summary>
internal static class StrategyBinder
{
    private const string Example = "strategy: { steps: [{ weight: 1 }, { weight: 10 }, { weight: 50 }] }";

    public static StrategySpec? Bind(Value? strategy, TimeSpan interval, ErrorList errors)
    {
        var fields = FieldSet.Of(strategy, errors, Example);
        if (fields is null)
            return null;
        var type = Type(fields.Optional("type"), errors);
        var given = fields.Required("steps", "steps: [{ weight: 1 }, { weight: 10 }, { weight: 50 }]");
        var steps = StepBinder.BindAll(given, interval, errors);
        var stickiness = Stickiness(fields.Optional("stickiness"), errors);
        var match = Lists.Of(fields.Optional("match"), errors, "[{ header: { name: x-beta, exact: \"1\" } }]", item => MatchBinder.Rule(item, errors));
        fields.Close();
        return steps.IsEmpty ? null : new StrategySpec { Type = type, Steps = steps, Stickiness = stickiness, Match = match };
    }

    private static string Type(Value? type, ErrorList errors)
    {
        var supported = RolloutStrategies.All[0].Name;
        var name = Scalars.OneOf(type, errors, "canary", "blueGreen", "abTest", "shadow", "rolling");
        if (name is not null && RolloutStrategies.Find(name) is null)
            errors.Add(type!.Value, $"the strategy '{name}' is not supported by this version, which has: {string.Join(", ", RolloutStrategies.All.Select(one => one.Name))}", $"Write {supported}");
        return supported;
    }

    private static StickinessSpec? Stickiness(Value? stickiness, ErrorList errors)
    {
        if (stickiness is { Node: { Kind: NodeKind.Scalar, Text: "none" } })
            return null;
        var fields = FieldSet.Of(stickiness, errors, "stickiness: { cookie: mc-user }, { header: x-user } or none");
        if (fields is null)
            return null;
        var cookie = Names.Token(fields.Optional("cookie"), errors, "mc-user");
        var header = Names.Token(fields.Optional("header"), errors, "x-user");
        var both = fields.Optional("cookie") is not null && fields.Optional("header") is not null;
        var neither = fields.Optional("cookie") is null && fields.Optional("header") is null;
        fields.Close();
        if (both || neither)
            errors.Add(fields.At, both ? "names a cookie and a header" : "names neither a cookie nor a header", "Write one of them: { cookie: mc-user } or { header: x-user }");
        return both || neither || (cookie is null && header is null) ? null : new StickinessSpec(cookie, header);
    }
}
