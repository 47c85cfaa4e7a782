using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Serialization;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Crds.Statuses;

// The descriptions are what 'kubectl explain' shows: one text for the schema and for the reader of this file.
[Description("What the controller has decided and sees. Written by the controller alone.")]
internal sealed record CanaryStatus
{
    [Description("The generation of the spec that this status speaks of.")]
    public long? ObservedGeneration { get; init; }

    [Description("Where the rollout stands.")]
    [JsonConverter(typeof(JsonStringEnumConverter<Phase>))]
    public Phase? Phase { get; init; }

    [Description("The present step and how many there are, such as 2/4; absent while no run is in flight.")]
    public string? Step { get; init; }

    [Description("The new version's share of the traffic; absent while no run is in flight.")]
    public CanaryWeights? Weights { get; init; }

    [Description("The revision that serves as stable.")]
    public string? StableRevision { get; init; }

    [Description("The revision of the run in flight, or of the last one.")]
    public string? CanaryRevision { get; init; }

    [Description("The revision that failed last; it is not tried again before a retry or a new revision.")]
    public string? FailedRevision { get; init; }

    [Description("The id of the run in flight, or of the last one.")]
    public string? RunId { get; init; }

    [Description("What the evidence says of the run so far.")]
    public CanaryVerdict? Verdict { get; init; }

    [Description("What the rollout waits for; every wait has a deadline with an action.")]
    public CanaryWait? WaitingFor { get; init; }

    [Description("Ready endpoints of each version.")]
    public CanaryEndpoints? Endpoints { get; init; }

    [Description("Ready, Progressing, Promoted, Failed, Degraded, Quarantined and InvalidSpec, each with its reason.")]
    public ImmutableArray<CanaryCondition>? Conditions { get; init; }

    [Description("The controller's own state, compressed: with it a restart goes on where it was. Not for people or tools.")]
    public string? Engine { get; init; }
}
