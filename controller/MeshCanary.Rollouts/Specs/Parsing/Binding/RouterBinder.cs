using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.router</c>: which router, and its parameters.</summary>
internal static class RouterBinder
{
    private const string Ours = CanarySpec.OwnRouter;

    private static readonly TimeSpan LongestSlowStart = TimeSpan.FromHours(1);

    public static RouterReading Bind(Value? router, Platform platform, ErrorList errors)
    {
        if (FieldSet.Of(router, errors, "router: { type: proxy }") is not { } fields)
            return new RouterReading(Ours, new ProxySpec(), null, null);
        var name = Type(fields.Optional("type"), platform, errors);
        var (stable, canary) = Arms(fields, errors);
        var slowStart = Durations.Read(fields.Optional("slowStart"), errors, TimeSpan.Zero, LongestSlowStart, "30s");
        var outliers = Outliers(fields.Optional("outliers"), errors);
        var upstream = UpstreamBinder.Bind(fields.Optional("upstream"), errors);
        var istio = IstioBinder.Bind(Of(IstioBinder.Name), errors);
        var gatewayApi = GatewayApiBinder.Bind(Of(GatewayApiBinder.Name), errors);
        fields.Close();
        return new RouterReading(
            name,
            new ProxySpec { Stable = stable, Canary = canary, SlowStart = slowStart ?? TimeSpan.Zero, Outliers = outliers, Upstream = upstream },
            name == IstioBinder.Name ? istio : null,
            name == GatewayApiBinder.Name ? gatewayApi : null);

        Value? Of(string other)
        {
            var given = fields.Optional(other);
            if (given is { } written && name != other)
                errors.Add(written, $"is for the router {other}, and this one is {name}", $"Write type: {other}, or remove it");
            return given;
        }
    }

    /// <summary>Says what the router cannot do of what the rest of the spec asks for.</summary>
    public static void Check(RouterReading router, Value spec, StrategySpec? strategy, ErrorList errors)
    {
        if (router.Istio is not null)
            IstioBinder.Check(spec, strategy, errors);
        else if (router.GatewayApi is not null)
            GatewayApiBinder.Check(spec, errors);
    }

    private static string Type(Value? type, Platform platform, ErrorList errors)
    {
        var name = Scalars.OneOf(type, errors, Ours, IstioBinder.Name, GatewayApiBinder.Name) ?? Ours;
        if (name != Ours && platform != Platform.Kubernetes)
            errors.Add(type!.Value, $"the router {name} is one of a cluster, and meshcanary serve has none", $"Write {Ours}");
        return name;
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
