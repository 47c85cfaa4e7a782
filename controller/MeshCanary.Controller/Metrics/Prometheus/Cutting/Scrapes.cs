using MeshCanary.Controller.Metrics.Prometheus.Asking;

namespace MeshCanary.Controller.Metrics.Prometheus.Cutting;

/// <summary>When processes were scraped, as far as some series show it.</summary>
internal sealed class Scrapes
{
    private readonly Dictionary<string, SortedSet<long>> _targets = new(StringComparer.Ordinal);

    /// <summary>Reads the times of all series.</summary>
    public Scrapes(IEnumerable<PrometheusSeries> series)
    {
        foreach (var one in series)
        {
            var name = TargetName.Of(one);
            if (!_targets.TryGetValue(name, out var times))
                _targets[name] = times = [];
            times.UnionWith(one.Times);
        }
    }

    /// <summary>Whether the process of a series was scraped within a time before an instant, whichever of its series shows it.</summary>
    public bool Precede(PrometheusSeries series, long at, long back) => _targets[TargetName.Of(series)].GetViewBetween(at - back, at - 1).Count > 0;

    /// <summary>The newest scrape of all; null without one.</summary>
    public DateTimeOffset? Newest => _targets.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(_targets.Values.Max(times => times.Max));

    /// <summary>
    /// Time from scrape to scrape: of each process the one in the middle, which a missed scrape does not change, and of all processes the
    /// longest. Null before some process was scraped three times.
    /// </summary>
    public TimeSpan? Interval()
    {
        var longest = 0L;
        foreach (var times in _targets.Values.Where(times => times.Count >= 3))
        {
            var spacings = times.Zip(times.Skip(1), (one, next) => next - one).Order().ToList();
            longest = Math.Max(longest, spacings[(spacings.Count - 1) / 2]);
        }

        return longest > 0 ? TimeSpan.FromMilliseconds(longest) : null;
    }
}
