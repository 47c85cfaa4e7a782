using System.ComponentModel;

namespace MeshCanary.Controller.Crds.Statuses;

[Description("A condition, in the form that all Kubernetes objects have.")]
internal sealed record CanaryCondition
{
    [Description("Its type, such as Ready.")]
    public required string Type { get; init; }

    [Description("Whether it holds: True, False or Unknown.")]
    public required string Status { get; init; }

    [Description("The generation of the spec that it speaks of.")]
    public long? ObservedGeneration { get; init; }

    [Description("When its status changed last.")]
    public required DateTimeOffset LastTransitionTime { get; init; }

    [Description("Why, in one word.")]
    public required string Reason { get; init; }

    [Description("Why, in plain words, and what to do.")]
    public required string Message { get; init; }
}
