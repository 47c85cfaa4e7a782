using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Splitting.Rules;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Traffic;

/// <summary>Writes a plan as the route that proxies take.</summary>
internal static class RouteMapping
{
    /// <summary>The routes of a Canary under a plan: one, or one for each port.</summary>
    public static ImmutableArray<Wire.Route> MapAll(RouteOrder order) => order.Ports switch
    {
        [] => [Map(order)],
        // There is nothing to tell apart, which spares each request a look.
        [{ IsSplit: true } single] => [Map(order with { Stable = single.Stable, CanaryEndpoints = single.Canary })],
        var ports => [.. ports.Select(port => Map(order, port))],
    };

    private static Wire.Route Map(RouteOrder order, PortEndpoints port)
    {
        var at = order with { Stable = port.Stable, CanaryEndpoints = port.Canary };
        var route = port.IsSplit ? Map(at) : Map(at with { Plan = new TrafficPlan { Stable = order.Plan.Stable }, Keys = [] });
        // What is not split is no part of the canary: it must not be counted with it.
        if (!port.IsSplit)
            (route.Name, route.Stickiness) = (string.Create(CultureInfo.InvariantCulture, $"{route.Name}:{port.Port}"), null);
        route.Port = (uint)port.Port;
        return route;
    }

    /// <summary>The route of a Canary under a plan.</summary>
    public static Wire.Route Map(RouteOrder order)
    {
        var (spec, plan) = (order.Canary.Spec, order.Plan);
        var route = new Wire.Route
        {
            Name = order.Canary.Key,
            PathPrefix = spec.Service.PathPrefix,
            Stable = ArmMapping.Map(plan.Stable, order.Stable, spec.Workload.Check, spec.Proxy, spec.Proxy.Stable),
            Canary = plan.Canary is null ? null : ArmMapping.Map(plan.Canary, order.CanaryEndpoints, spec.Workload.Check, spec.Proxy, spec.Proxy.Canary),
            CanaryWeight = (uint)(plan.Canary is null ? 0 : plan.CanaryWeight.Value),
            Stickiness = Map(spec.Strategy.Stickiness, order),
        };
        route.Hosts.AddRange(spec.Service.Hosts);
        if (plan.Canary is null)
            return route;
        route.Circuit = Map(spec.Strategy.Circuit);
        route.Budget = order.Budget?.Nothing();
        if (!plan.RulesApply)
            return route;
        route.CanaryRules.AddRange(spec.Strategy.Match.Select(Map));
        route.Mirror = Map(spec.Strategy.Mirror);
        return route;
    }

    private static Wire.Stickiness? Map(StickinessSpec? stickiness, RouteOrder order)
    {
        if (stickiness is null)
            return null;
        var mapped = stickiness.Cookie is { } cookie ? new Wire.Stickiness { Cookie = cookie } : new Wire.Stickiness { Header = stickiness.Header };
        mapped.CookieSeconds = (uint)(stickiness.Lifetime?.TotalSeconds ?? 0);
        mapped.SigningKeys.AddRange(order.Keys.Select(key => new Wire.SigningKey { Id = key.Id, Secret = ByteString.CopyFrom(key.Secret.AsSpan()) }));
        return mapped;
    }

    private static Wire.Circuit? Map(CircuitSpec? circuit) => circuit is null
        ? null
        : new Wire.Circuit
        {
            Failures = (uint)circuit.Failures,
            FailurePercent = (uint)circuit.FailurePercent,
            WindowMs = (uint)circuit.Window.TotalMilliseconds,
            PauseMs = (uint)circuit.Pause.TotalMilliseconds,
        };

    private static Wire.Mirror? Map(MirrorSpec? mirror) => mirror is null
        ? null
        : new Wire.Mirror
        {
            Share = (uint)mirror.Share.Value,
            MaxConcurrent = (uint)mirror.MaxConcurrent,
            MaxBodyBytes = (uint)mirror.MaxBody,
            TimeoutMs = (uint)mirror.Timeout.TotalMilliseconds,
        };

    private static Wire.MatchRule Map(MatchRule rule)
    {
        var mapped = new Wire.MatchRule();
        mapped.Conditions.AddRange(rule.Conditions.Select(condition => new Wire.Condition
        {
            Part = condition.Part switch
            {
                RequestPart.Header => Wire.Condition.Types.Part.Header,
                RequestPart.Cookie => Wire.Condition.Types.Part.Cookie,
                RequestPart.Query => Wire.Condition.Types.Part.Query,
                RequestPart.Path => Wire.Condition.Types.Part.Path,
                RequestPart.Method => Wire.Condition.Types.Part.Method,
                _ => throw new ArgumentOutOfRangeException(nameof(rule), condition.Part, "Unknown part of a request."),
            },
            Name = condition.Name,
            Operator = condition.Operator switch
            {
                MatchOperator.Exact => Wire.Condition.Types.Operator.Exact,
                MatchOperator.Prefix => Wire.Condition.Types.Operator.Prefix,
                MatchOperator.Present => Wire.Condition.Types.Operator.Present,
                MatchOperator.Regex => Wire.Condition.Types.Operator.Regex,
                _ => throw new ArgumentOutOfRangeException(nameof(rule), condition.Operator, "Unknown operator."),
            },
            Value = condition.Value,
        }));
        return mapped;
    }
}
