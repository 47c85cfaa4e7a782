using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Analysis.Samples.Prometheus;
using MeshCanary.Controller.Metrics.Prometheus.Asking;

namespace MeshCanary.Controller.Metrics.Prometheus.Cutting;

/// <summary>
/// The histogram of one process and set of labels, classic or native, as cumulative counts at boundaries. Where both are served the
/// native one is read.
/// </summary>
internal sealed class LatencyReadings
{
    // Powers of two are computed in more than one way.
    private const double Same = 1e-9;

    private readonly List<(double Bound, PrometheusSeries Series)> _buckets = [];
    private readonly double _unit;
    private PrometheusSeries? _native;

    private LatencyReadings(PrometheusSeries any, double unit) => (Any, _unit) = (any, unit);

    /// <summary>One of its series: all have the same labels but <c>le</c>.</summary>
    public PrometheusSeries Any { get; }

    /// <summary>All histograms of an answer.</summary>
    /// <param name="series">Series of buckets, and native histograms.</param>
    /// <param name="secondsPerUnit">Seconds that one unit of their bounds is.</param>
    public static IReadOnlyCollection<LatencyReadings> Of(IEnumerable<PrometheusSeries> series, double secondsPerUnit)
    {
        var found = new Dictionary<string, LatencyReadings>(StringComparer.Ordinal);
        foreach (var one in series)
        {
            var key = string.Join('\0', one.Labels.Where(label => label.Key is not ("le" or "__name__")).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}\0{label.Value}"));
            if (!found.TryGetValue(key, out var readings))
                found[key] = readings = new LatencyReadings(one, secondsPerUnit);
            readings.Take(one);
        }

        return found.Values;
    }

    /// <summary>Finite boundaries in seconds at which it is exact; null while it holds nothing that would tell.</summary>
    public IEnumerable<double>? Boundaries()
    {
        if (_native is null)
            return _buckets.Select(bucket => bucket.Bound).Where(double.IsFinite);
        var widest = _native.Histograms.SelectMany(histogram => histogram.Buckets).Where(bucket => bucket.Low > 0).Select(bucket => bucket.High / bucket.Low).DefaultIfEmpty(0).Max();
        if (widest <= 1)
            return null;
        // Coarser than it is now, up to eight a doubling: an exporter may become coarser in a run, and stays exact at these.
        var schema = Math.Min(3, (int)Math.Round(-Math.Log2(Math.Log2(widest))));
        var (first, last) = (IndexOf(0.0001, schema), IndexOf(120, schema));
        return Enumerable.Range(first, Math.Max(0, last - first)).Select(index => NativeHistogram.UpperBound(schema, index) * _unit);
    }

    /// <summary>What is read at each scrape.</summary>
    /// <param name="boundaries">Boundaries in seconds, rising.</param>
    /// <param name="fault">Why it cannot be read at these; null when it can.</param>
    public IReadOnlyList<(long At, double[] Counts)> At(ImmutableArray<double> boundaries, out string? fault) =>
        _native is null ? Classic(boundaries, out fault) : Native(boundaries, _native, out fault);

    private void Take(PrometheusSeries series)
    {
        if (!series.Histograms.IsEmpty)
            _native = series;
        else if (double.TryParse(series.Label("le").Replace("+Inf", "Infinity", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var bound))
            _buckets.Add((bound * _unit, series));
    }

    private int IndexOf(double seconds, int schema) => (int)Math.Ceiling(Math.Log2(seconds / _unit) * Math.Pow(2, schema));

    private List<(long At, double[] Counts)> Classic(ImmutableArray<double> boundaries, out string? fault)
    {
        fault = null;
        var rows = new SortedDictionary<long, double[]>();
        for (var place = 0; place <= boundaries.Length; place++)
        {
            var wanted = place < boundaries.Length ? boundaries[place] : double.PositiveInfinity;
            if (_buckets.FirstOrDefault(bucket => bucket.Bound == wanted || (double.IsFinite(wanted) && Math.Abs(bucket.Bound - wanted) <= Same * wanted)).Series is not { } series)
            {
                fault = $"the histogram of {Name()} has no bucket that ends at {(wanted / _unit).ToString(CultureInfo.InvariantCulture)}, and the run compares there";
                return [];
            }

            foreach (var (at, value) in series.Samples)
            {
                if (!rows.TryGetValue(at, out var row))
                {
                    rows[at] = row = new double[boundaries.Length + 1];
                    Array.Fill(row, double.NaN);
                }

                row[place] = value;
            }
        }

        fault = rows.Values.SelectMany(row => row).Any(value => double.IsInfinity(value) || value < 0) ? $"the histogram of {Name()} holds what is no count" : null;
        return [.. rows.Where(row => !row.Value.Any(double.IsNaN)).Select(row => (row.Key, row.Value))];
    }

    private List<(long At, double[] Counts)> Native(ImmutableArray<double> boundaries, PrometheusSeries native, out string? fault)
    {
        fault = null;
        var rows = new List<(long At, double[] Counts)>();
        foreach (var histogram in native.Histograms)
        {
            var counts = new double[boundaries.Length + 1];
            counts[^1] = histogram.Count;
            foreach (var bucket in histogram.Buckets)
            {
                for (var place = 0; place < boundaries.Length; place++)
                {
                    if (bucket.High * _unit <= boundaries[place] * (1 + Same))
                        counts[place] += bucket.Count;
                    else if (bucket.Low * _unit < boundaries[place] * (1 - Same))
                        fault = $"the histogram of {Name()} has become too coarse: its bucket up to {(bucket.High * _unit).ToString(CultureInfo.InvariantCulture)} s reaches across {boundaries[place].ToString(CultureInfo.InvariantCulture)} s, where the run compares";
                }
            }

            if (!counts.All(count => count >= 0 && double.IsFinite(count)))
                fault = $"the histogram of {Name()} holds what is no count";
            rows.Add((histogram.At, counts));
        }

        return rows;
    }

    private string Name() => TargetName.Of(Any);
}
