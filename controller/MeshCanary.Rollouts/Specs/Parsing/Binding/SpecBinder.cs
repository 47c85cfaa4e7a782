using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec</c>.</summary>
internal static class SpecBinder
{
    public static CanarySpec? Bind(Value? spec, Platform platform, ErrorList errors)
    {
        var fields = FieldSet.Of(spec, errors, "spec: with workload, service and strategy");
        if (fields is null)
            return null;
        var workload = WorkloadBinder.Bind(fields.Required("workload", WorkloadBinder.Example(platform)), platform, errors);
        var service = ServiceBinder.Bind(fields.Required("service", "service: { name: checkout }"), platform, errors);
        var router = RouterBinder.Bind(fields.Optional("router"), platform, errors);
        // The analysis comes first: a step's shortest time is counted in intervals.
        var analysis = AnalysisBinder.Bind(fields.Optional("analysis"), platform, errors, out var unitAt, out var judgeAt);
        var strategy = StrategyBinder.Bind(fields.Required("strategy", "strategy: { steps: [{ weight: 1 }, { weight: 10 }, { weight: 50 }] }"), analysis.Interval, errors);
        var onFailure = Scalars.OneOf(fields.Optional("onFailure"), errors, "rollback", "hold");
        var bake = Durations.Read(fields.Optional("bakeTime"), errors, TimeSpan.Zero, Durations.Longest, "10m, or 0s for none");
        var deadline = Durations.Read(fields.Optional("progressDeadline"), errors, TimeSpan.FromSeconds(1), Durations.Longest, "10m");
        fields.Unsupported("gates", "Remove it; an approval step waits for a person");
        fields.Unsupported("notifications", "Remove it; events are in the decision log and the API");
        fields.Close();
        RouterBinder.Check(router, fields.At, strategy, errors);
        SourceBinder.Check(analysis.Source, router, platform, fields.At, errors);
        if (strategy is null)
            return null;
        var unit = UnitBinder.Bind(unitAt, strategy.Stickiness is not null, analysis, errors);
        KayentaBinder.CheckLength(analysis, strategy, judgeAt, errors);
        if (workload is null || service is null)
            return null;
        var defaults = new CanarySpec { Workload = workload, Service = service, Strategy = strategy };
        return defaults with
        {
            Router = router.Name,
            Proxy = router.Proxy,
            Istio = router.Istio,
            GatewayApi = router.GatewayApi,
            // No proxy of ours, no circuit.
            Strategy = router.IsOurs ? strategy : strategy with { Circuit = null },
            Analysis = AnalysisBinder.Plan(analysis, strategy, unit),
            OnFailure = onFailure == "hold" ? FailureAction.Hold : FailureAction.Rollback,
            BakeTime = bake ?? defaults.BakeTime,
            ProgressDeadline = deadline ?? defaults.ProgressDeadline,
        };
    }
}
