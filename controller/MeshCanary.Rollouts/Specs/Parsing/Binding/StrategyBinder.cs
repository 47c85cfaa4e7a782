using MeshCanary.Rollouts.Specs.Parsing.Fields;
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
        var stickiness = StickinessBinder.Bind(fields.Optional("stickiness"), errors);
        var match = Lists.Of(fields.Optional("match"), errors, "[{ header: { name: x-beta, exact: \"1\" } }]", item => MatchBinder.Rule(item, errors));
        var mirror = ExposureBinder.Mirror(fields.Optional("mirror"), errors);
        var exposure = ExposureBinder.Exposure(fields.Optional("exposure"), errors);
        var circuit = ExposureBinder.Circuit(fields.Optional("circuit"), errors);
        fields.Close();
        return steps.IsEmpty
            ? null
            : new StrategySpec { Type = type, Steps = steps, Stickiness = stickiness, Match = match, Mirror = mirror, Exposure = exposure, Circuit = circuit };
    }

    private static string Type(Value? type, ErrorList errors)
    {
        var supported = RolloutStrategies.All[0].Name;
        var name = Scalars.OneOf(type, errors, "canary", "blueGreen", "abTest", "shadow", "rolling");
        if (name is not null && RolloutStrategies.Find(name) is null)
            errors.Add(type!.Value, $"the strategy '{name}' is not supported by this version, which has: {string.Join(", ", RolloutStrategies.All.Select(one => one.Name))}", $"Write {supported}");
        return supported;
    }
}
