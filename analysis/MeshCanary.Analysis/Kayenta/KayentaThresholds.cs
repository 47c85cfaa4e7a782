namespace MeshCanary.Analysis.Kayenta;

/// <summary>Scores that divide judgements; a score on a threshold reaches it.</summary>
/// <param name="Pass">From this score on a judgement is Pass.</param>
/// <param name="Marginal">From this score on it is Marginal, below it Fail; not above <paramref name="Pass"/>.</param>
public sealed record KayentaThresholds(double Pass = 95, double Marginal = 75);
