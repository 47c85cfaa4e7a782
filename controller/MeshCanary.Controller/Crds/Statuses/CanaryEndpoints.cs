using System.ComponentModel;

namespace MeshCanary.Controller.Crds.Statuses;

[Description("Ready endpoints of each version.")]
internal sealed record CanaryEndpoints
{
    [Description("Of the stable version.")]
    public int? Stable { get; init; }

    [Description("Of the new version.")]
    public int? Canary { get; init; }
}
