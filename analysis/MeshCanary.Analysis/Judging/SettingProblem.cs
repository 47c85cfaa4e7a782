namespace MeshCanary.Analysis.Judging;

/// <summary>A setting that the engine cannot work with.</summary>
/// <param name="Setting">The property of <see cref="AnalysisSettings"/>, for a guard with its index: <c>Guards[1].Max</c>.</param>
/// <param name="Message">What is wrong with it and what is allowed.</param>
public sealed record SettingProblem(string Setting, string Message);
