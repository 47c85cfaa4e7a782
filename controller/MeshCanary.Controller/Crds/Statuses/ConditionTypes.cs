using System.Collections.Immutable;

namespace MeshCanary.Controller.Crds.Statuses;

/// <summary>The conditions that a Canary has.</summary>
internal static class ConditionTypes
{
    /// <summary>Adopted, and traffic is as the status says.</summary>
    public const string Ready = "Ready";

    /// <summary>A run is in flight.</summary>
    public const string Progressing = "Progressing";

    /// <summary>The newest revision is stable.</summary>
    public const string Promoted = "Promoted";

    /// <summary>The last run failed.</summary>
    public const string Failed = "Failed";

    /// <summary>Something is not as it should be, and traffic is safe.</summary>
    public const string Degraded = "Degraded";

    /// <summary>The object made its reconcile fail again and again and is left alone for a while.</summary>
    public const string Quarantined = "Quarantined";

    /// <summary>The spec cannot be read: what was in force before stays in force.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>Those that say that something is wrong.</summary>
    public static ImmutableArray<string> Faults { get; } = [Degraded, Quarantined, InvalidSpec];

    public static ImmutableArray<string> All { get; } = [Ready, Progressing, Promoted, Failed, Degraded, Quarantined, InvalidSpec];
}
