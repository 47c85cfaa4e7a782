using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging;

/// <summary>
/// The judge of one run: interval counts in, verdict out. Deterministic: the same settings and samples give the same
/// bits. Not thread-safe; one run, one caller at a time.
/// </summary>
public sealed class CanaryJudge
{
    /// <summary>A judge that has seen nothing.</summary>
    /// <exception cref="ArgumentException">A setting is outside its range; the message names it.</exception>
    public CanaryJudge(AnalysisSettings settings) => throw new NotSupportedException(nameof(settings));

    /// <summary>A judge that goes on where <see cref="Save"/> left off, with its error budget as spent so far.</summary>
    public static CanaryJudge Restore(AnalysisSettings settings, JudgeState state) => throw new NotSupportedException(nameof(settings));

    /// <summary>Takes an interval of the warm-up: guards and baseline learn from it, the tests do not.</summary>
    public void Warm(IntervalSample sample) => throw new NotSupportedException(nameof(sample));

    /// <summary>Takes a counted interval.</summary>
    public void Observe(IntervalSample sample) => throw new NotSupportedException(nameof(sample));

    /// <summary>The verdict on all intervals so far.</summary>
    public Verdict Assess() => throw new NotSupportedException();

    /// <summary>The whole state, small and serialisable.</summary>
    public JudgeState Save() => throw new NotSupportedException();
}
