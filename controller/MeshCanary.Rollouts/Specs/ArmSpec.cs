namespace MeshCanary.Rollouts.Specs;

/// <summary>What is asked of one arm alone.</summary>
public sealed record ArmSpec
{
    /// <summary>Changes of what is sent to it; null for none.</summary>
    public HeaderChangesSpec? RequestHeaders { get; init; }

    /// <summary>Changes of what it answers; null for none.</summary>
    public HeaderChangesSpec? ResponseHeaders { get; init; }

    /// <summary>Requests on their way to it at a time from one proxy; zero for no limit.</summary>
    public int MaxConcurrent { get; init; }
}
