using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using k8s;
using MeshCanary.Controller.Recording.Cluster;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>
/// Follows every write of a Canary's status, and kills the replica that wrote it whenever a phase, or a step of one, shows for the first time.
/// The replica that goes on has to have all that was written before.
/// </summary>
/// <param name="installation">The replicas.</param>
/// <param name="shop">The service with the Canary.</param>
internal sealed class LeaderKills(Installation installation, Shop shop)
{
    /// <summary>How long it may take until another replica goes on: a lease of five seconds, and a slow machine.</summary>
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(30);

    private readonly List<(Phase Phase, int Step)> _met = [];
    private EngineState? _last;
    private string _killed = "";
    private long _killedAt;

    /// <summary>The phases in which the leader was killed.</summary>
    public IEnumerable<Phase> Phases => _met.Select(one => one.Phase).Distinct();

    /// <summary>The most intervals that a killed leader had analysed, and another went on with.</summary>
    public int Inherited { get; private set; }

    /// <summary>When the leader was killed, in which phase and step, and how long it took until another went on.</summary>
    public List<string> Told { get; } = [];

    /// <summary>Kills until a phase is reached, by a leader that is not to be killed; null until the Canary is gone.</summary>
    public async Task UntilAsync(Phase? phase, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(150));
        try
        {
            var writes = shop.Space.Client.CustomObjects.WatchListNamespacedCustomObjectAsync(
                "meshcanary.io", "v1alpha1", shop.Space.Name, "canaries", resourceVersion: "0", onError: failure => throw failure, cancellationToken: limit.Token);
            await foreach (var (kind, canary) in writes.WithCancellation(limit.Token))
            {
                if (kind == WatchEventType.Deleted && phase is null)
                    return;
                if (See(JsonSerializer.SerializeToElement(canary)) is { } seen && seen == phase)
                    return;
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Assert.Fail($"{phase?.ToString() ?? "the end"} was not reached; killed in {string.Join(", ", _met)}, last {_killed}; {_last?.Status}\n{shop.Load.Report}\n{await installation.LogsAsync()}");
        }
    }

    // The phase, when whoever wrote it lives on.
    private Phase? See(JsonElement canary)
    {
        if (!canary.TryGetProperty("status", out var status) || Shop.Text(status, "engine") is not { Length: > 0 } text)
            return null;
        var engine = EngineText.Read(text);
        // A new look begins with what is known already.
        if (_last is { } last && engine.Commit < last.Commit)
            return null;
        if (engine.Writer == _killed)
        {
            _last = engine;
            return null;
        }

        if (_killed.Length > 0 && _last is { } before && before.Writer == _killed)
            GoesOn(before, engine);
        _last = engine;
        var here = (engine.Status.Phase, engine.Status.Phase == Phase.Progressing ? engine.Status.Run!.Step : 0);
        if (_met.Contains(here))
            return engine.Status.Phase;
        _met.Add(here);
        (_killed, _killedAt) = (engine.Writer, Stopwatch.GetTimestamp());
        installation.Fixture.Cluster.Crash(installation.Space.Name, engine.Writer.Split('_')[0]);
        return null;
    }

    private void GoesOn(EngineState before, EngineState after)
    {
        var took = Stopwatch.GetElapsedTime(_killedAt);
        Told.Add(string.Create(CultureInfo.InvariantCulture, $"{shop.Load.Elapsed - took:mm\\:ss} {_met[^1].Phase} {_met[^1].Step}: {took:ss\\.f}s"));
        Assert.True(took < Takeover, $"{took} until another went on after {_met[^1]}");
        Assert.True(after.Status.Runs >= before.Status.Runs);
        if (before.Analysis is not { } evidence)
            return;
        // The first thing that a new leader writes is what it found.
        var kept = after.Analysis;
        Assert.Equal((evidence.RunId, evidence.Anchor), (kept?.RunId, kept?.Anchor));
        Assert.True(kept!.Intervals >= evidence.Intervals, $"{kept.Intervals} intervals are known after {evidence.Intervals}, killed in {_met[^1]}");
        Inherited = Math.Max(Inherited, evidence.Intervals);
    }
}
