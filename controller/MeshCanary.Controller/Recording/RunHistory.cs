using System.Text.Json;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Recording;

/// <summary>Reads the runs that are kept.</summary>
internal sealed class RunHistory(StateDatabase database)
{
    /// <summary>Runs of a Canary, newest first.</summary>
    public IReadOnlyList<Run> Of(string key) => database.Read(connection => connection.Query(
        "SELECT run FROM runs WHERE key = $key ORDER BY number DESC", row => Decode<Run>(row.GetString(0)), ("$key", key)));

    /// <summary>The verdict record of a run, or null when it is not kept.</summary>
    public RunRecord? Find(string key, string runId) => database.Read(connection =>
    {
        // One transaction, so that the intervals are those of the same moment as the run.
        using var transaction = connection.BeginTransaction(deferred: true);
        var found = connection.Query(
            "SELECT run, settings FROM runs WHERE key = $key AND id = $run",
            row => (Run: Decode<Run>(row.GetString(0)), Settings: Decode<RunSettings>(row.GetString(1))),
            ("$key", key), ("$run", runId));
        if (found is not [var (run, settings)])
            return null;
        var intervals = connection.Query(
            "SELECT entry FROM intervals WHERE key = $key AND run = $run ORDER BY number",
            row => Decode<RunInterval>(row.GetString(0)),
            ("$key", key), ("$run", runId));
        return new RunRecord
        {
            // A run of before an update whose analysis began afresh is of the present format from there on.
            Format = intervals.Any(interval => interval.IsAfresh) ? RunRecord.CurrentFormat : settings.Format,
            Canary = key,
            Run = run,
            Interval = settings.Interval,
            Settings = settings.Settings,
            BakeIntervals = settings.BakeIntervals,
            Intervals = [.. intervals],
        };
    });

    private static T Decode<T>(string text) =>
        JsonSerializer.Deserialize<T>(text, ApiJson.Options) ?? throw new InvalidDataException("An entry of the run history is empty.");
}
