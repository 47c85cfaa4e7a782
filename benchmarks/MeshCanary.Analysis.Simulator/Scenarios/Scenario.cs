namespace MeshCanary.Analysis.Simulator.Scenarios;

/// <summary>One row of a table: a service, and what happens to it in the hour of the rollout.</summary>
internal sealed record Scenario
{
    /// <summary>The row's name; seeds its runs.</summary>
    public required string Name { get; init; }

    /// <summary>The service.</summary>
    public Background Background { get; init; } = Background.Steady;

    /// <summary>What is wrong with the canary.</summary>
    public Regression Regression { get; init; } = new();

    /// <summary>
    /// Pods of the canary and of stable. With one the canary is not counted by endpoint: there would be nothing to leave out.
    /// </summary>
    public int Pods { get; init; } = 1;

    /// <summary>Spread (standard deviation of the log) of a factor on latency that each pod draws once: machine luck.</summary>
    public double Lottery { get; init; }

    /// <summary>Factor on the latency of one pod of the canary: a bad machine.</summary>
    public double SlowPod { get; init; } = 1;

    /// <summary>Who starts cold.</summary>
    public ColdStart Cold { get; init; }

    /// <summary>Minutes from the start that no judge counts.</summary>
    public int ExcludedMinutes { get; init; }

    /// <summary>A dependency of both arms fails from minute 20 to 25: 30 % errors, three times the latency.</summary>
    public bool Outage { get; init; }

    /// <summary>
    /// One client with a broken request of its own sticks to one arm, either with equal chance: half a percent of that arm's
    /// requests fail more, for ten minutes somewhere in the hour.
    /// </summary>
    public bool BadClient { get; init; }

    /// <summary>
    /// Whether users are counted too, and this engine compares them: a tenth of all requests is the first one of its user.
    /// </summary>
    public bool CountsUsers { get; init; }
}
