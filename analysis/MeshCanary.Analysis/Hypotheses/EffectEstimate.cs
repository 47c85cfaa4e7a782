namespace MeshCanary.Analysis.Hypotheses;

/// <summary>The size of a difference with its two-sided confidence interval.</summary>
/// <param name="Measure">What is measured, with its unit's meaning: <c>median difference</c>, <c>difference of shares</c>…</param>
/// <param name="Value">Point estimate, canary against stable.</param>
/// <param name="Low">Lower end; negative infinity when the data cannot bound it at this confidence.</param>
/// <param name="High">Upper end; positive infinity when the data cannot bound it at this confidence.</param>
/// <param name="Confidence">Confidence level, inside (0, 1).</param>
public sealed record EffectEstimate(string Measure, double Value, double Low, double High, double Confidence);
