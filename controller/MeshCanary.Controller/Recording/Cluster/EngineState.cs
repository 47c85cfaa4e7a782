using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Controller.Exposing;
using MeshCanary.Controller.Metrics;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Recording.Cluster;

/// <summary>
/// What the status of a Canary object keeps for the controller itself, beside what people read there: all that another
/// replica needs to go on where this one stopped, with the same error budget. Immutable.
/// </summary>
internal sealed record EngineState
{
    /// <summary>The format that this version writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Its format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Rises with every write, so that a writer recognises what it wrote itself.</summary>
    public required long Commit { get; init; }

    /// <summary>Who wrote it.</summary>
    public required string Writer { get; init; }

    /// <summary>The Canary as it was last controlled: what is in force while a newer spec cannot be read.</summary>
    public required CanaryManifest Manifest { get; init; }

    /// <summary>Where the rollout stands.</summary>
    public required RolloutStatus Status { get; init; }

    /// <summary>The revision that should run.</summary>
    public required Revision Announced { get; init; }

    /// <summary>Analysis of the run in flight, or of the last one; null before the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunAnalysis? Analysis { get; init; }

    /// <summary>Last report of each proxy that is in the analysis.</summary>
    public ImmutableDictionary<string, long> Folded { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>What the run may expose; null where nothing is limited.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExposureLedger? Exposure { get; init; }

    /// <summary>What signs the cookies of users: who can read it can choose a version for themselves, and nothing else.</summary>
    public ImmutableArray<CookieKey> CookieKeys { get; init; } = [];

    /// <summary>What is known of the service's noise; null before anything is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CalibrationState? Calibration { get; init; }

    /// <summary>What is kept of a record.</summary>
    public static EngineState Of(CanaryRecord record, CalibrationState? calibration, string writer, long commit) => new()
    {
        Commit = commit,
        Writer = writer,
        Manifest = record.Manifest,
        CookieKeys = record.CookieKeys,
        Status = record.Status,
        Announced = record.Announced,
        Analysis = record.Analysis,
        Folded = record.Folded,
        Exposure = record.Exposure,
        Calibration = calibration,
    };

    /// <summary>The record again.</summary>
    public CanaryRecord ToRecord() => new()
    {
        Manifest = Manifest,
        Status = Status,
        Announced = Announced,
        Analysis = Analysis,
        Folded = Folded,
        Exposure = Exposure,
        CookieKeys = CookieKeys,
    };
}
