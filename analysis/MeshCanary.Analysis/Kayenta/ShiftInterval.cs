namespace MeshCanary.Analysis.Kayenta;

/// <summary>By how much the experiment lies above the control, in the metric's unit.</summary>
/// <param name="Low">Lower end of the confidence interval.</param>
/// <param name="High">Upper end of the confidence interval; in the first version it can lie below <paramref name="Low"/>.</param>
/// <param name="Estimate">The Hodges–Lehmann estimate of the shift.</param>
public sealed record ShiftInterval(double Low, double High, double Estimate);
