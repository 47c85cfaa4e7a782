namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>What became of the last tries to bring a Canary's routes where they should be. Its strings may be read at any time; one look at a time writes.</summary>
/// <param name="time">The clock.</param>
internal sealed class MeshTale(TimeProvider time)
{
    private volatile string? _problem;

    /// <summary>What is in the way that no object shows, in plain words; null when nothing is.</summary>
    public string? Problem
    {
        get => _problem;
        set => _problem = value;
    }

    /// <summary>Calls that were refused in a row.</summary>
    public int Refusals { get; set; }

    /// <summary>Whether all was in force at the last look.</summary>
    public bool WasInForce { get; set; }

    /// <summary>The repairs.</summary>
    public RepairBook Repairs { get; } = new(time);
}
