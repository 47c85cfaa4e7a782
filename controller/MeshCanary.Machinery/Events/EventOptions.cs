namespace MeshCanary.Machinery.Events;

/// <summary>How events are written.</summary>
/// <param name="Component">Who writes them, such as <c>meshcanary.io/controller</c>: a qualified name.</param>
/// <param name="Instance">Which process of it, such as its pod's name.</param>
public sealed record EventOptions(string Component, string Instance)
{
    /// <summary>How many may wait to be written; more are dropped and counted.</summary>
    public int Capacity { get; init; } = 1000;

    /// <summary>How many events one object may have at once.</summary>
    public double Burst { get; init; } = 25;

    /// <summary>How many more it may have a second after that.</summary>
    public double PerSecond { get; init; } = 1.0 / 300;

    /// <summary>Within which time equal events count as one that repeats, and similar ones are combined.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many different notes of one reason an object may have within the window until further ones are combined.</summary>
    public int SimilarLimit { get; init; } = 10;

    /// <summary>How many objects and events are remembered for that.</summary>
    public int Memory { get; init; } = 4096;
}
