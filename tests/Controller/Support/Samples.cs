using MeshCanary.Analysis.Samples;

namespace MeshCanary.Controller.Tests.Support;

/// <summary>Intervals with latencies and errors as a service may have them.</summary>
internal static class Samples
{
    public static IntervalSample Interval(DateTimeOffset start, int endpoints, Random random)
    {
        var stable = Enumerable.Range(0, endpoints).Select(i => new EndpointCounts($"http://10.0.0.{i}:8080", Arm(random, 800))).ToList();
        var canary = Enumerable.Range(0, endpoints).Select(i => new EndpointCounts($"http://10.0.1.{i}:8080", Arm(random, 200))).ToList();
        return new IntervalSample
        {
            Start = start,
            End = start.AddSeconds(10),
            Stable = endpoints == 0 ? Arm(random, 800) : Sum(stable),
            Canary = endpoints == 0 ? Arm(random, 200) : Sum(canary),
            StableEndpoints = [.. stable],
            CanaryEndpoints = [.. canary],
            Users = endpoints == 0 ? null : new UserSample(Arm(random, 100), Arm(random, 25)),
            Draws = [new DrawCounts(2000, 800 * Math.Max(1, endpoints), 200 * Math.Max(1, endpoints))],
        };
    }

    private static ArmCounts Sum(IEnumerable<EndpointCounts> endpoints) => endpoints.Select(endpoint => endpoint.Counts).Aggregate((sum, next) => sum.Merge(next));

    // Log-normal latencies around 80 ms, with errors and some who gave up.
    private static ArmCounts Arm(Random random, int requests)
    {
        var (latency, givenUp) = (new long[LatencyBuckets.Count], new long[LatencyBuckets.Count]);
        var errors = 0;
        for (var i = 0; i < requests; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var bucket = LatencyBuckets.IndexOf(0.08 * Math.Exp(0.7 * normal));
            if (random.Next(200) == 0)
                errors++;
            else
                (random.Next(500) == 0 ? givenUp : latency)[bucket]++;
        }

        return new ArmCounts { Errors = errors, Latency = LatencyHistogram.FromCounts(latency), GivenUp = LatencyHistogram.FromCounts(givenUp) };
    }
}
