using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Splitting.Rules;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Traffic;

/// <summary>Writes a plan as the route that proxies take.</summary>
internal static class RouteMapping
{
    /// <summary>The route of a Canary under a plan.</summary>
    public static Wire.Route Map(CanaryManifest canary, TrafficPlan plan)
    {
        var (service, strategy, health) = (canary.Spec.Service, canary.Spec.Strategy, canary.Spec.Workload.HealthPath);
        var route = new Wire.Route
        {
            Name = canary.Key,
            PathPrefix = service.PathPrefix,
            Stable = Map(plan.Stable, health),
            Canary = plan.Canary is null ? null : Map(plan.Canary, health),
            CanaryWeight = (uint)(plan.Canary is null ? 0 : plan.CanaryWeight.Value),
            Stickiness = Map(strategy.Stickiness),
        };
        route.Hosts.AddRange(service.Hosts);
        if (plan.RulesApply)
            route.CanaryRules.AddRange(strategy.Match.Select(Map));
        return route;
    }

    private static Wire.Arm Map(Revision revision, string healthPath)
    {
        var arm = new Wire.Arm
        {
            Revision = revision.Name,
            HealthCheck = healthPath.Length == 0 ? null : new Wire.HealthCheck { HttpPath = healthPath },
        };
        arm.Endpoints.AddRange(revision.Addresses);
        return arm;
    }

    private static Wire.Stickiness? Map(StickinessSpec? stickiness) => stickiness switch
    {
        { Cookie: { } cookie } => new Wire.Stickiness { Cookie = cookie },
        { Header: { } header } => new Wire.Stickiness { Header = header },
        _ => null,
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
                _ => throw new ArgumentOutOfRangeException(nameof(rule), condition.Part, "Unknown part of a request."),
            },
            Name = condition.Name,
            Operator = condition.Operator switch
            {
                MatchOperator.Exact => Wire.Condition.Types.Operator.Exact,
                MatchOperator.Prefix => Wire.Condition.Types.Operator.Prefix,
                MatchOperator.Present => Wire.Condition.Types.Operator.Present,
                _ => throw new ArgumentOutOfRangeException(nameof(rule), condition.Operator, "Unknown operator."),
            },
            Value = condition.Value,
        }));
        return mapped;
    }
}
