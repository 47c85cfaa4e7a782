namespace MeshCanary.Analysis.Simulator.Procedures;

/// <summary>A way to decide on a canary, applied to one run.</summary>
internal interface IProcedure
{
    /// <summary>What it has decided so far.</summary>
    Outcome Outcome { get; }

    /// <summary>Takes the newest interval of a run: the warm-up, minutes that are excluded, and those that count.</summary>
    void Observe(RunView view);
}
