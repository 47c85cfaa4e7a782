using System.ComponentModel;
using System.Text.Json.Serialization;
using MeshCanary.Analysis.Judging;

namespace MeshCanary.Controller.Crds.Statuses;

[Description("What the evidence says, in short. The whole of it is in the API and in the record of the run.")]
internal sealed record CanaryVerdict
{
    [Description("Which way the evidence points.")]
    [JsonConverter(typeof(JsonStringEnumConverter<VerdictKind>))]
    public VerdictKind? Kind { get; init; }

    [Description("From 0, a proven regression, to 100, proven harmless; 50 is no evidence. It never drives a decision.")]
    public int? Score { get; init; }

    [Description("The reason in one sentence with numbers.")]
    public string? Reason { get; init; }

    [Description("When a Pass is expected, if the new version is as good as the old one and traffic stays as it is; absent when that is unknown.")]
    public DateTimeOffset? Eta { get; init; }
}
