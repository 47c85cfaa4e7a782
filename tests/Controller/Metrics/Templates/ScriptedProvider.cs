using System.Collections.Concurrent;
using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Providers;

namespace MeshCanary.Controller.Tests.Metrics.Templates;

/// <summary>Answers as a test says, and remembers what it was asked.</summary>
internal sealed class ScriptedProvider(Func<MetricQuestion, MetricAnswer> answer) : IMetricProvider
{
    public string Type => "prometheus";

    public ConcurrentQueue<MetricQuestion> Asked { get; } = [];

    /// <summary>An answer waits for this; null for none.</summary>
    public Task? Gate { get; set; }

    public static MetricAnswer One(double value) => new MetricAnswer.Values([new MetricValue(ImmutableDictionary<string, string>.Empty, value, null)]);

    public static MetricAnswer Buckets(params (string Le, double Count)[] buckets) =>
        new MetricAnswer.Values([.. buckets.Select(bucket => new MetricValue(ImmutableDictionary<string, string>.Empty.Add("le", bucket.Le), bucket.Count, null))]);

    public async Task<MetricAnswer> AskAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        Asked.Enqueue(question);
        if (Gate is { } gate)
            await gate.WaitAsync(cancellationToken);
        return answer(question);
    }
}
