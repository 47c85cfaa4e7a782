using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Controller.Tests.Metrics.Prometheus;

/// <summary>A server that answers range selectors of what a test says was scraped, as Prometheus does. It looks at the metric's name alone.</summary>
internal sealed partial class FakePrometheus : IAsyncDisposable
{
    private readonly TestBackend _server;

    private FakePrometheus(TestBackend server) => _server = server;

    /// <summary>What was scraped; samples that are after the instant of a query are not there yet.</summary>
    public IReadOnlyList<ScrapedSeries> Series { get; set; } = [];

    /// <summary>A status to answer with in place of data; null for data.</summary>
    public int? Trouble { get; set; }

    /// <summary>What was asked.</summary>
    public ConcurrentQueue<string> Queries { get; } = new();

    /// <summary>Where it is.</summary>
    public string Address => $"http://{_server.HostAndPort}";

    public static async Task<FakePrometheus> StartAsync(CancellationToken cancellation)
    {
        var server = await TestBackend.StartAsync("prometheus", cancellation);
        var fake = new FakePrometheus(server);
        server.Answer = fake.AnswerAsync;
        return fake;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var query = form["query"].ToString();
        Queries.Enqueue(query);
        if (Trouble is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        var until = (double.Parse(form["time"]!, CultureInfo.InvariantCulture) * 1000) - ScrapedSeries.Epoch.ToUnixTimeMilliseconds();
        var from = until - double.Parse(Range().Match(query).Groups[1].Value, CultureInfo.InvariantCulture);
        var name = Name().Match(query) is { Success: true } match ? match.Groups[1].Value : query[..query.IndexOf('{', StringComparison.Ordinal)];
        var found = Series.Where(series => Regex.IsMatch(series.Metric, $"^(?:{name})$", RegexOptions.NonBacktracking))
            .Select(series => (series.All, Samples: series.Samples.Where(sample => sample.At * 1000 >= from && sample.At * 1000 <= until).ToList()))
            .Where(series => series.Samples.Count > 0)
            .Select(series => new { metric = series.All, values = series.Samples.Select(sample => new object[] { ScrapedSeries.Milliseconds(sample.At) / 1000.0, sample.Value.ToString(CultureInfo.InvariantCulture) }) });
        await context.Response.WriteAsync(JsonSerializer.Serialize(new { status = "success", data = new { resultType = "matrix", result = found } }));
    }

    [GeneratedRegex(@"\[(\d+)ms\]\z")]
    private static partial Regex Range();

    [GeneratedRegex("^\\{__name__=~\"([^\"]*)\"")]
    private static partial Regex Name();
}
