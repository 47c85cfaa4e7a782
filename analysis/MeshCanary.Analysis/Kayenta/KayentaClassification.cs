namespace MeshCanary.Analysis.Kayenta;

/// <summary>What the comparison of two arms found.</summary>
/// <param name="Label">The label.</param>
/// <param name="Critical">Whether this alone fails the canary.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Deviation">Ratio of the means, 1 when nothing was compared, NaN when it does not exist.</param>
/// <param name="Effect">The effect size that was held against the thresholds; NaN when it does not exist, null when nothing was compared.</param>
/// <param name="Shift">The interval; null when nothing was compared.</param>
internal sealed record KayentaClassification(
    KayentaLabel Label, bool Critical, string Reason, double Deviation = 1, double? Effect = null, ShiftInterval? Shift = null);
