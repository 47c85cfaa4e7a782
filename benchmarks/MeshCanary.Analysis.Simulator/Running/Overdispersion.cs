namespace MeshCanary.Analysis.Simulator.Running;
/// <summary>Learned overdispersion.</summary>
internal sealed record Overdispersion(double Errors, double Latency);
