using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Rendering;

namespace MeshCanary.Cli.Commands.Release;

/// <summary>Deletes Canaries and waits until they are gone, telling what each waits for.</summary>
/// <param name="canaries">Where they are.</param>
/// <param name="names">Which of them; null for all.</param>
/// <param name="terminal">Where it is told.</param>
internal sealed class CanaryRelease(ClusterCanaries canaries, IReadOnlyCollection<CanaryName>? names, Terminal terminal)
{
    private const string Released = "released.";

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    // What was told last of each, and which of its name was asked to go.
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _asked = new(StringComparer.Ordinal);
    private bool _wasAway;

    /// <summary>Releases them.</summary>
    /// <param name="wait">Longest wait; zero asks only.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(TimeSpan wait, CancellationToken stop)
    {
        var begin = terminal.Time.GetTimestamp();
        if (await LookAsync(isFirst: true, stop) is not { } left)
            return ExitCode.Success;
        if (wait == TimeSpan.Zero)
            return ExitCode.Success;
        while (left.Count > 0)
        {
            if (terminal.Time.GetElapsedTime(begin) >= wait)
                return TellWhatIsLeft(left, wait);
            await Task.Delay(Pace, terminal.Time, stop);
            try
            {
                left = await LookAsync(isFirst: false, stop) ?? [];
                _wasAway = false;
            }
            catch (Exception error) when (ClusterFault.IsPassing(error))
            {
                if (!_wasAway)
                    terminal.Error.WriteLine($"The cluster {ClusterFault.Of(error)}; trying again.");
                _wasAway = true;
            }
        }

        terminal.Out.WriteLine($"{Figures.Many(_told.Count, "Canary", "Canaries")} released.");
        return ExitCode.Success;
    }

    // Those that are still there, each of them asked to go; null when there was nothing to begin with.
    private async Task<IReadOnlyList<ClusterCanary>?> LookAsync(bool isFirst, CancellationToken stop)
    {
        var all = await canaries.ListAsync(stop);
        var left = (all ?? []).Where(IsMeant).ToArray();
        if (isFirst)
            RequireAll(left);
        if (isFirst && left.Length == 0)
        {
            terminal.Out.WriteLine(all is null ? "The cluster knows no Canaries: there is nothing to release." : "There are no Canaries to release.");
            return null;
        }

        foreach (var canary in left)
            await AskAsync(canary, stop);
        foreach (var gone in _told.Where(entry => entry.Value != Released && left.All(canary => canary.Key != entry.Key)).Select(entry => entry.Key).ToArray())
            Tell(gone, Released);
        return left;
    }

    private async Task AskAsync(ClusterCanary canary, CancellationToken stop)
    {
        var isBack = _asked.TryGetValue(canary.Key, out var before) && before != canary.Uid;
        if (!canary.IsLeaving && before != canary.Uid)
        {
            await canaries.DeleteAsync(canary, stop);
            Tell(canary.Key, isBack ? "made anew meanwhile (by a GitOps tool, or from a Service's annotations); asked to go again." : "asked to go.");
        }
        else if (canary.WaitsFor is { Length: > 0 } what)
        {
            Tell(canary.Key, $"waits for {what}.");
        }
        else if (before is null)
        {
            Tell(canary.Key, "is going already.");
        }

        _asked[canary.Key] = canary.Uid;
    }

    private void Tell(string key, string what)
    {
        if (_told.TryGetValue(key, out var last) && last == what)
            return;
        _told[key] = what;
        terminal.Out.WriteLine($"{key}: {what}");
    }

    private bool IsMeant(ClusterCanary canary) => names is null || names.Contains(new CanaryName(canary.Namespace, canary.Name));

    private void RequireAll(ClusterCanary[] found)
    {
        var missing = (names ?? []).Where(name => found.All(canary => canary.Key != $"{name.Namespace}/{name.Name}")).Select(name => $"{name.Namespace}/{name.Name}").ToArray();
        if (missing.Length > 0)
            throw new CommandFailure($"There is no Canary {string.Join(", ", missing)}.", "see 'kubectl get canaries -A' for those that there are; nothing was deleted.");
    }

    private int TellWhatIsLeft(IReadOnlyList<ClusterCanary> left, TimeSpan wait)
    {
        terminal.Error.WriteLine($"error: {Figures.Many(left.Count, "Canary is", "Canaries are")} still there after {Figures.Duration(wait)}: {string.Join(", ", left.Take(10).Select(canary => canary.Key))}{(left.Count > 10 ? ", …" : "")}.");
        terminal.Error.WriteLine("  remedy: see whether the controller runs and what its log says. They go on being released while it does; run this again to wait.");
        return ExitCode.TimedOut;
    }
}
