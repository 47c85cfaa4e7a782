using System.Collections.Immutable;
using System.Globalization;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// The judgements of one run and what follows from them: the run ends early at a score that is too low, and otherwise with
/// the score of the last judgement. Nothing corrects for looking more than once. Not thread-safe.
/// </summary>
/// <remarks>
/// The first version ends early, and fails at the end, at a score of at most the marginal threshold, so that a score on
/// the threshold fails the run though the judgement calls it Marginal, or even Pass. The second ends at a score below it.
/// A judgement without a score (second version) never ends a run early, and as the last one it leaves it without a verdict.
/// </remarks>
public sealed class KayentaRun
{
    private readonly KayentaVersion _version;
    private readonly double? _pass;
    private readonly double? _marginal;
    private readonly int _judgements;
    private readonly List<double?> _scores = [];

    /// <param name="version">By which rules.</param>
    /// <param name="pass">The pass threshold; null for none.</param>
    /// <param name="marginal">The marginal threshold; null for none.</param>
    /// <param name="judgements">How many judgements are planned, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one judgement.</exception>
    public KayentaRun(KayentaVersion version, double? pass, double? marginal, int judgements)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(judgements, 1);
        (_version, _pass, _marginal, _judgements) = (version, pass, marginal, judgements);
    }

    /// <summary>The scores so far; null for a judgement without a verdict.</summary>
    public ImmutableArray<double?> Scores => [.. _scores];

    /// <summary>Judgements made.</summary>
    public int Made => _scores.Count;

    /// <summary>How the run stands.</summary>
    public KayentaDecision Decision { get; private set; } = new(false, null, "Nothing is judged yet.");

    /// <summary>Takes the score of the next judgement.</summary>
    /// <exception cref="InvalidOperationException">The run is over.</exception>
    public void Add(double? score)
    {
        if (Decision.IsOver)
            throw new InvalidOperationException("The run is over; it takes no further score.");
        _scores.Add(score);
        Decision = Next(score);
    }

    private KayentaDecision Next(double? score)
    {
        if (score is { } value && IsTooLow(value))
            return new(true, false, TooLow(value));
        if (_scores.Count < _judgements)
            return new(false, null, Say($"{_scores.Count:N0} of {_judgements:N0} judgements are made and none was too low."));
        if (score is not { } last)
            return new(true, null, "The last judgement has no verdict.");
        return (_marginal, _pass) switch
        {
            (null, null) => new(true, true, "There are no score thresholds."),
            (_, null) => new(true, true, "There is no pass threshold."),
            (_, { } pass) when last < pass => new(true, false, Say($"The last score {last:0.##} is below the pass threshold {pass:0.##}.")),
            (_, { } pass) => new(true, true, Say($"The last score {last:0.##} reaches the pass threshold {pass:0.##}.")),
        };
    }

    private bool IsTooLow(double score) => _version == KayentaVersion.V1 ? score <= _marginal : score < _marginal;

    private string TooLow(double score) => _version == KayentaVersion.V1
        ? Say($"The score {score:0.##} is not above the marginal threshold {_marginal:0.##}.")
        : Say($"The score {score:0.##} is below the marginal threshold {_marginal:0.##}.");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
