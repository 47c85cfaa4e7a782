using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Exposing;
using MeshCanary.Controller.Metrics;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using Microsoft.Data.Sqlite;

namespace MeshCanary.Controller.Recording;

/// <summary>Keeps what the controller decided on.</summary>
internal sealed class CanaryStore(StateDatabase database) : ICanaryStore
{
    private const int KeptRuns = 50;
    private const int KeptEvents = 10_000;

    /// <summary>Every Canary that was ever committed.</summary>
    /// <exception cref="IOException">An entry cannot be read; the message names the file and the Canary.</exception>
    public ImmutableDictionary<string, CanaryRecord> Load()
    {
        var folded = database.Read(connection => connection.Query(
            "SELECT key, instance, folded FROM sequences",
            row => (Key: row.GetString(0), Instance: row.GetString(1), Folded: row.GetInt64(2))))
            .ToLookup(row => row.Key);
        return database.Read(connection => connection.Query(
            "SELECT key, manifest, status, announced, analysis, exposure, cookie_keys FROM canaries", row => Decode(row, folded[row.GetString(0)])))
            .ToImmutableDictionary(record => record.Key);
    }

    /// <inheritdoc/>
    public Task CommitAsync(CanaryCommit commit, CancellationToken cancellationToken)
    {
        Commit(commit);
        return Task.CompletedTask;
    }

    /// <summary>Keeps one reconcile's outcome: all of it, or nothing.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was kept.</exception>
    public void Commit(CanaryCommit commit) => database.Write(connection =>
    {
        var record = commit.Record;
        WriteRecord(connection, record);
        foreach (var (instance, folded) in record.Folded)
        {
            connection.Run(
                "INSERT INTO sequences (key, instance, folded) VALUES ($key, $instance, $folded) ON CONFLICT DO UPDATE SET folded = excluded.folded",
                ("$key", record.Key), ("$instance", instance), ("$folded", folded));
        }

        foreach (var ended in commit.EndedRuns)
            UpdateRun(connection, record.Key, ended);
        WriteRun(connection, record);
        if (record.Analysis is { } begun && begun.RunId == commit.IntervalsOf && commit.Intervals.Any(interval => interval.IsAfresh))
            connection.Run("UPDATE runs SET settings = $settings WHERE key = $key AND id = $id", ("$settings", EncodeSettings(begun)), ("$key", record.Key), ("$id", begun.RunId));
        foreach (var interval in commit.Intervals)
        {
            connection.Run(
                "INSERT INTO intervals (key, run, number, entry) VALUES ($key, $run, $number, $entry)",
                ("$key", record.Key), ("$run", commit.IntervalsOf), ("$number", interval.Number), ("$entry", Encode(interval)));
        }

        foreach (var entry in commit.Events)
        {
            connection.Run(
                "INSERT INTO events (key, at, kind, message, run, origin) VALUES ($key, $at, $kind, $message, $run, $origin)",
                ("$key", record.Key), ("$at", Encode(entry.At)), ("$kind", entry.Kind), ("$message", entry.Message), ("$run", entry.RunId), ("$origin", entry.Origin));
        }
    });

    private static void WriteRecord(SqliteConnection connection, CanaryRecord record)
    {
        connection.Run(
            """
            INSERT INTO canaries (key, manifest, status, announced, analysis, exposure, cookie_keys)
            VALUES ($key, $manifest, $status, $announced, $analysis, $exposure, $cookieKeys)
            ON CONFLICT DO UPDATE SET manifest = excluded.manifest, status = excluded.status, announced = excluded.announced,
                analysis = excluded.analysis, exposure = excluded.exposure, cookie_keys = excluded.cookie_keys
            """,
            ("$key", record.Key), ("$manifest", Encode(record.Manifest)), ("$status", Encode(record.Status)),
            ("$announced", Encode(record.Announced)), ("$analysis", record.Analysis is null ? null : Encode(record.Analysis)),
            ("$exposure", record.Exposure is null ? null : Encode(record.Exposure)),
            ("$cookieKeys", record.CookieKeys.IsEmpty ? null : Encode(record.CookieKeys)));
    }

    private static void WriteRun(SqliteConnection connection, CanaryRecord record)
    {
        if (record.Status.Run is not { } run || record.Analysis is not { } analysis || analysis.RunId != run.Id)
            return;
        if (UpdateRun(connection, record.Key, run))
            return;
        connection.Run(
            "INSERT INTO runs (key, id, number, run, settings) VALUES ($key, $id, $number, $run, $settings)",
            ("$key", record.Key), ("$id", run.Id), ("$number", record.Status.Runs), ("$run", Encode(run)),
            ("$settings", EncodeSettings(analysis)));

        // A new run begins: forget proxies of before that are no longer waited for, and runs and events of long ago.
        connection.Run(
            "DELETE FROM sequences WHERE key = $key AND instance NOT IN (SELECT value FROM json_each($known))",
            ("$key", record.Key), ("$known", JsonSerializer.Serialize(record.Folded.Keys)));
        connection.Run(
            "DELETE FROM runs WHERE key = $key AND id NOT IN (SELECT id FROM runs WHERE key = $key ORDER BY number DESC LIMIT $kept)",
            ("$key", record.Key), ("$kept", KeptRuns));
        connection.Run(
            "DELETE FROM events WHERE key = $key AND id <= (SELECT id FROM events WHERE key = $key ORDER BY id DESC LIMIT 1 OFFSET $kept)",
            ("$key", record.Key), ("$kept", KeptEvents));
    }

    // Some settings (where latencies are compared) are known with the first counts only.
    private static string EncodeSettings(RunAnalysis analysis) =>
        Encode(new RunSettings(analysis.Interval, analysis.Settings, analysis.BakeIntervals, RunRecord.CurrentFormat));

    private static bool UpdateRun(SqliteConnection connection, string key, Run run) => connection.Run(
        "UPDATE runs SET run = $run WHERE key = $key AND id = $id", ("$run", Encode(run)), ("$key", key), ("$id", run.Id)) > 0;

    private CanaryRecord Decode(SqliteDataReader row, IEnumerable<(string Key, string Instance, long Folded)> folded)
    {
        try
        {
            return new CanaryRecord
            {
                Manifest = Decode<CanaryManifest>(row.GetString(1)),
                Status = Decode<RolloutStatus>(row.GetString(2)),
                Announced = Decode<Revision>(row.GetString(3)),
                Analysis = row.IsDBNull(4) ? null : Decode<RunAnalysis>(row.GetString(4)),
                Exposure = row.IsDBNull(5) ? null : Decode<ExposureLedger>(row.GetString(5)),
                CookieKeys = row.IsDBNull(6) ? [] : Decode<ImmutableArray<CookieKey>>(row.GetString(6)),
                Folded = folded.ToImmutableDictionary(entry => entry.Instance, entry => entry.Folded),
            };
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or ArgumentException)
        {
            throw new IOException($"The state file {database.File} holds an unreadable entry for Canary {row.GetString(0)}: {failure.Message} {StateFileCheck.Remedy}", failure);
        }
    }

    private static string Encode<T>(T value) => JsonSerializer.Serialize(value, ApiJson.Options);

    private static T Decode<T>(string text) =>
        JsonSerializer.Deserialize<T>(text, ApiJson.Options) ?? throw new JsonException("It is empty.");
}
