using MeshCanary.Machinery.Applying;

namespace MeshCanary.Controller.Traffic.InCluster.Switching;

/// <summary>What is to be done next.</summary>
/// <param name="Patch">A change of the Service; null for none.</param>
/// <param name="DeletesProxies">Whether the proxies are to go.</param>
/// <param name="Waits">What is waited for, in plain words; null when there is nothing left to do.</param>
/// <param name="Told">A warning for people who look at the Service; null for none.</param>
internal sealed record SwitchStep(JsonPatch? Patch, bool DeletesProxies, string? Waits, string? Told)
{
    /// <summary>All is as it should be.</summary>
    public static SwitchStep Done { get; } = new(null, false, null, null);

    /// <summary>Somebody else has to do something first.</summary>
    public static SwitchStep Wait(string what) => new(null, false, what, null);

    /// <summary>The Service is changed.</summary>
    public static SwitchStep Change(JsonPatch patch, string what, string? told = null) => new(patch, false, what, told);

    /// <summary>The proxies go.</summary>
    public static SwitchStep Delete { get; } = new(null, true, "the proxies to go", null);
}
