using System.ComponentModel;

namespace MeshCanary.Controller.Crds.Statuses;

[Description("A wait.")]
internal sealed record CanaryWait
{
    [Description("What is waited for, in plain words.")]
    public string? What { get; init; }

    [Description("Since when.")]
    public DateTimeOffset? Since { get; init; }

    [Description("Until when at the longest; absent where nothing is at stake.")]
    public DateTimeOffset? Until { get; init; }

    [Description("What happens then, in plain words.")]
    public string? Then { get; init; }
}
