using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Streams;

/// <summary>
/// Several e-processes as one: their weighted mean is an e-process whatever their dependence (Vovk and Wang 2021), so its
/// running maximum bounds the error rate over the whole run (Ville 1939).
/// </summary>
internal sealed class MeanEvidence
{
    private readonly EvidenceProcess[] _processes;
    private readonly CustomStream[] _custom;
    private readonly double[] _weights;
    private readonly double[] _logs;

    /// <param name="processes">Processes of counts.</param>
    /// <param name="weights">A weight for each, and then for each custom metric.</param>
    /// <param name="custom">Custom metrics with evidence of their own.</param>
    public MeanEvidence(EvidenceProcess[] processes, double[] weights, params ReadOnlySpan<CustomStream> custom)
    {
        (_processes, _weights, _custom, _logs) = (processes, weights, custom.ToArray(), new double[processes.Length + custom.Length]);
        Refresh();
    }

    /// <summary>The weights.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>ln of each process now.</summary>
    public ReadOnlySpan<double> Logs => _logs;

    /// <summary>ln of the mean now.</summary>
    public double LogEvidence { get; private set; }

    /// <summary>Its highest so far, at least 0.</summary>
    public double Highest { get; private set; }

    /// <summary>Takes up what the processes learned in an interval.</summary>
    public void Update()
    {
        Refresh();
        Highest = Math.Max(Highest, LogEvidence);
    }

    /// <summary>Goes on from a highest that was reached before.</summary>
    public void Restore(double highest)
    {
        Refresh();
        Highest = highest;
    }

    private void Refresh()
    {
        for (var m = 0; m < _processes.Length; m++)
            _logs[m] = _processes[m].LogEvidence;
        for (var m = 0; m < _custom.Length; m++)
            _logs[_processes.Length + m] = _custom[m].FailEvidence;
        LogEvidence = EvidenceMerging.Average(_logs, _weights);
    }
}
