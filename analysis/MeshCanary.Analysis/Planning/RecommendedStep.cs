namespace MeshCanary.Analysis.Planning;

/// <summary>A step that the planner would take.</summary>
/// <param name="Weight">Canary weight in basis points (1…10000).</param>
/// <param name="MinDuration">Shortest time at this weight.</param>
/// <param name="MaxDuration">Longest time at this weight: what an unlucky but harmless version may need.</param>
/// <param name="Forecast">What it finds out in its shortest time.</param>
public sealed record RecommendedStep(int Weight, TimeSpan MinDuration, TimeSpan MaxDuration, StepForecast Forecast);
