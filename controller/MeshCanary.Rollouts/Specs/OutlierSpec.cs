namespace MeshCanary.Rollouts.Specs;

/// <summary>When an endpoint that fails several times in a row is left out for a while.</summary>
public sealed record OutlierSpec
{
    /// <summary>Failures in a row to reach it.</summary>
    public int Unreachable { get; init; } = 3;

    /// <summary>Failures of any kind in a row; zero for never.</summary>
    public int Failures { get; init; }

    /// <summary>The first pause; later ones are longer.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Share of an arm's endpoints that may be left out at a time, in whole percent.</summary>
    public int MaxEjectedPercent { get; init; } = 50;
}
