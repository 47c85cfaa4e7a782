namespace MeshCanary.Analysis.Simulator.Scenarios;

/// <summary>Short spells in which one pod of an arm fails, hitting either arm at random.</summary>
/// <param name="PerMinute">Probability that one begins in a minute of an arm.</param>
/// <param name="ErrorRate">What the arm's error rate rises by meanwhile (the pod's own, times its share of the arm).</param>
/// <param name="Intervals">Length in intervals.</param>
internal readonly record struct Bursts(double PerMinute, double ErrorRate, int Intervals);
