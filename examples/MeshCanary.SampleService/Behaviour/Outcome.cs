namespace MeshCanary.SampleService.Behaviour;

/// <summary>How one request fares.</summary>
/// <param name="Latency">How long it takes.</param>
/// <param name="Fails">Whether it ends in an error.</param>
internal readonly record struct Outcome(TimeSpan Latency, bool Fails);
