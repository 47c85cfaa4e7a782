using System.Collections.Immutable;
using System.Globalization;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// One judgement as Kayenta makes it: every metric's values of both arms are compared by a Mann–Whitney test, labelled,
/// and the labels are scored. Immutable, pure and thread-safe; the same data give the same bits.
/// </summary>
public sealed class KayentaJudge
{
    private readonly KayentaConfig _config;
    private readonly KayentaVersion _version;
    private readonly ulong _noiseSeed;

    /// <param name="config">What is judged.</param>
    /// <param name="version">By which rules.</param>
    /// <param name="noiseSeed">
    /// Seed of the noise by which the first version tells two different constants apart. Kayenta draws it anew each time.
    /// The second version uses none.
    /// </param>
    /// <exception cref="ArgumentException">The configuration is wrong; the message names everything that is.</exception>
    public KayentaJudge(KayentaConfig config, KayentaVersion version, ulong noiseSeed = 0)
    {
        ArgumentNullException.ThrowIfNull(config);
        var problems = config.Validate(version);
        if (problems.Length > 0)
            throw new ArgumentException(string.Join(' ', problems.Select(problem => $"{problem.Setting} {problem.Message}")), nameof(config));
        (_config, _version, _noiseSeed) = (config, version, noiseSeed);
    }

    /// <summary>Pairs series and judges the pairs. Series that cannot be paired make a Fail with score 0 that says why.</summary>
    public KayentaJudgement Judge(IReadOnlyCollection<KayentaSeries> controls, IReadOnlyCollection<KayentaSeries> experiments)
    {
        var assembly = KayentaPairing.Pair(_config, controls, experiments);
        return assembly.Problem is { } problem ? Failed(problem) : Judge(assembly.Pairs);
    }

    /// <summary>Judges pairs. A pair of a metric that is not configured makes a Fail with score 0.</summary>
    public KayentaJudgement Judge(IReadOnlyList<KayentaPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var results = ImmutableArray.CreateBuilder<KayentaMetricResult>(pairs.Count);
        foreach (var pair in pairs)
        {
            if (_config.Metrics.FirstOrDefault(metric => metric.Name == pair.Name) is not { } metric)
                return Failed($"The data hold {pair.Name}, which is not configured.");
            results.Add(Compare(metric, pair));
        }

        var metrics = results.ToImmutable();
        var score = KayentaScorer.Score(metrics, _config.GroupWeights, _version);
        var outcome = Outcome(score.Value);
        return new KayentaJudgement
        {
            Version = _version,
            Score = score.Value,
            Outcome = outcome,
            Reason = score.Override ?? Wording(score.Value!.Value, outcome, metrics),
            Groups = score.Groups,
            Metrics = metrics,
        };
    }

    private KayentaMetricResult Compare(KayentaMetric metric, KayentaPair pair)
    {
        var rules = KayentaRules.From(metric, _config, _version, _noiseSeed);
        var control = KayentaTransforms.Prepare(pair.Control.AsSpan(), rules);
        var experiment = KayentaTransforms.Prepare(pair.Experiment.AsSpan(), rules);
        var found = KayentaClassifier.Classify(control, experiment, rules);
        return new KayentaMetricResult
        {
            Name = metric.Name,
            Tags = pair.Tags,
            Groups = metric.Groups,
            Label = found.Label,
            Reason = found.Reason,
            Critical = found.Critical,
            Required = metric.Critical || metric.MustHaveData,
            Muted = metric.Muted,
            Deviation = Finite(found.Deviation),
            Effect = Finite(found.Effect),
            Shift = found.Shift,
            Control = Describe(control),
            Experiment = Describe(experiment),
        };
    }

    /// <summary>Statistics that overflow or do not exist are left out of the report: only the number of values is told.</summary>
    private static KayentaStatistics Describe(double[] values)
    {
        var all = KayentaStatistics.Of(values);
        var isFinite = double.IsFinite(all.Minimum) && double.IsFinite(all.Maximum) && double.IsFinite(all.Mean) && double.IsFinite(all.StandardDeviation);
        return isFinite ? all : KayentaStatistics.Of([]) with { Count = values.Length };
    }

    private KayentaOutcome Outcome(double? score) => score switch
    {
        null => KayentaOutcome.Inconclusive,
        { } value when value >= _config.Thresholds.Pass => KayentaOutcome.Pass,
        { } value when value >= _config.Thresholds.Marginal => KayentaOutcome.Marginal,
        _ => KayentaOutcome.Fail,
    };

    private string Wording(double score, KayentaOutcome outcome, ImmutableArray<KayentaMetricResult> metrics)
    {
        var against = outcome switch
        {
            KayentaOutcome.Pass => Say($"reaches {_config.Thresholds.Pass:0.##} (pass)"),
            KayentaOutcome.Marginal => Say($"reaches {_config.Thresholds.Marginal:0.##} (marginal), not {_config.Thresholds.Pass:0.##} (pass)"),
            _ => Say($"is below {_config.Thresholds.Marginal:0.##} (marginal)"),
        };
        var others = metrics.Where(metric => !metric.Muted && metric.Label != KayentaLabel.Pass).Select(metric => $"{metric.Name} {metric.Label}").ToArray();
        return Say($"Score {score:0.##} {against}") + (others.Length == 0 ? "." : $"; {string.Join(", ", others)}.");
    }

    private KayentaJudgement Failed(string problem) => new()
    {
        Version = _version,
        Score = 0,
        Outcome = KayentaOutcome.Fail,
        Reason = problem,
        Groups = [],
        Metrics = [],
    };

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
