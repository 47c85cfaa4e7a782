using System.ComponentModel;

namespace MeshCanary.Controller.Crds.Statuses;

[Description("The new version's share of the traffic, in percent, such as 12.5%.")]
internal sealed record CanaryWeights
{
    [Description("What is asked for.")]
    public string? Desired { get; init; }

    [Description("What every proxy, or the route object, has confirmed.")]
    public string? Acknowledged { get; init; }

    [Description("What was counted in the last interval.")]
    public string? Measured { get; init; }
}
