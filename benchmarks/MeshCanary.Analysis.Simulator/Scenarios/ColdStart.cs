namespace MeshCanary.Analysis.Simulator.Scenarios;

/// <summary>Which arms start cold: twice the latency at first, the excess halving away with a time constant of a minute.</summary>
internal enum ColdStart
{
    /// <summary>All arms are warm.</summary>
    None,

    /// <summary>The canary is cold; what it is compared with is warm.</summary>
    Canary,

    /// <summary>The canary and the baseline are cold alike.</summary>
    CanaryAndBaseline,
}
