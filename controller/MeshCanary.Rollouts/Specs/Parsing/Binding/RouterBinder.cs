using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.router</c>: which router, and its parameters.</summary>
internal static class RouterBinder
{
    public const string Ours = "proxy";

    private static readonly TimeSpan LongestSlowStart = TimeSpan.FromHours(1);

    public static ProxySpec Bind(Value? router, ErrorList errors)
    {
        if (FieldSet.Of(router, errors, "router: { type: proxy }") is not { } fields)
            return new ProxySpec();
        var type = fields.Optional("type");
        if (Scalars.OneOf(type, errors, Ours, "istio", "gatewayApi") is { } name && name != Ours)
            errors.Add(type!.Value, $"the router '{name}' is not supported by this version, which has: {Ours}", $"Write {Ours}");
        var (stable, canary) = Arms(fields, errors);
        var slowStart = Durations.Read(fields.Optional("slowStart"), errors, TimeSpan.Zero, LongestSlowStart, "30s");
        var outliers = Outliers(fields.Optional("outliers"), errors);
        var upstream = UpstreamBinder.Bind(fields.Optional("upstream"), errors);
        fields.Close();
        return new ProxySpec { Stable = stable, Canary = canary, SlowStart = slowStart ?? TimeSpan.Zero, Outliers = outliers, Upstream = upstream };
    }

    private static (ArmSpec Stable, ArmSpec Canary) Arms(FieldSet fields, ErrorList errors)
    {
        var limits = FieldSet.Of(fields.Optional("maxConcurrent"), errors, "maxConcurrent: { stable: 500, canary: 50 }");
        var headers = FieldSet.Of(fields.Optional("headers"), errors, "headers: { canary: { request: { set: { x-arm: canary } } } }");
        var arms = (Arm("stable", headers, limits, errors), Arm("canary", headers, limits, errors));
        limits?.Close();
        headers?.Close();
        return arms;
    }

    private static ArmSpec Arm(string name, FieldSet? headers, FieldSet? limits, ErrorList errors)
    {
        var sides = FieldSet.Of(headers?.Optional(name), errors, $"{name}: {{ request: {{ set: {{ x-arm: {name} }} }} }}");
        var arm = new ArmSpec
        {
            RequestHeaders = HeaderBinder.Bind(sides?.Optional("request"), errors),
            ResponseHeaders = HeaderBinder.Bind(sides?.Optional("response"), errors),
            MaxConcurrent = (int)(Scalars.Whole(limits?.Optional(name), errors, 1, 1_000_000, "50") ?? 0),
        };
        sides?.Close();
        return arm;
    }

    private static OutlierSpec? Outliers(Value? outliers, ErrorList errors)
    {
        var fields = FieldSet.Of(outliers, errors, "outliers: { unreachable: 3, failures: 5, pause: 2s, maxEjected: 50% }");
        if (fields is null)
            return null;
        var defaults = new OutlierSpec();
        var spec = new OutlierSpec
        {
            Unreachable = (int)(Scalars.Whole(fields.Optional("unreachable"), errors, 1, 1000, "3") ?? defaults.Unreachable),
            Failures = (int)(Scalars.Whole(fields.Optional("failures"), errors, 0, 1000, "5, or 0 for never") ?? defaults.Failures),
            Pause = Durations.Read(fields.Optional("pause"), errors, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), "2s") ?? defaults.Pause,
            MaxEjectedPercent = Percents.Whole(fields.Optional("maxEjected"), errors, 1, 100, "50%") ?? defaults.MaxEjectedPercent,
        };
        fields.Close();
        return spec;
    }
}
