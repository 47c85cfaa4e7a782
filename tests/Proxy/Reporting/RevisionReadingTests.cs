using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Reporting;
using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Reporting;

public sealed class RevisionReadingTests
{
    // Two readers as in the proxy, counting all the while, and between the rounds every endpoint is forgotten.
    [Fact]
    public async Task Take_WhileManyCountAndEndpointsComeAndGo_HasEveryRequestOnceAndTheSameByEndpoint()
    {
        const int Threads = 4;
        const int Each = 5_000;
        const int Rounds = 6;
        var counters = new RevisionCounters("route", "v1");
        RevisionReading[] readings = [new(counters), new(counters)];
        List<RevisionCounts>[] taken = [[], []];

        for (var round = 0; round < Rounds; round++)
        {
            var counting = Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() => Count(counters, round, thread, Each))));
            do
            {
                Take(readings, taken);
            }
            while (!counting.IsCompleted);
            await counting;
            Take(readings, taken);
            for (var i = 0; i < 4; i++)
                counters.Endpoints.Age(new HashSet<object>(), quietReads: 2);
            Assert.Empty(counters.Endpoints.All);
        }

        Assert.All(taken, reader => Assert.Equal(Threads * Each * Rounds, reader.Sum(counts => OutcomeSums.Total(OutcomeSums.Of(counts)))));
        Assert.All(taken.SelectMany(reader => reader), counts =>
        {
            var nowhere = counts.ConnectionFailures - counts.Endpoints.Aggregate(0UL, (sum, endpoint) => sum + endpoint.Outcomes.ConnectionFailures);
            var whole = OutcomeSums.ByPlace(counts.Endpoints.Select(endpoint => endpoint.Outcomes).Append(new OutcomeCounts { ConnectionFailures = nowhere }));
            Assert.Equal(OutcomeSums.ByPlace([OutcomeSums.Of(counts)]), whole);
            Assert.All(counts.Endpoints, endpoint => Assert.Equal(
                ((ulong)OutcomeSums.Total(endpoint.Outcomes), (ulong)OutcomeSums.Failed(endpoint.Outcomes)), (endpoint.Requests, endpoint.Errors)));
        });
    }

    [Fact]
    public void Take_NothingNew_IsNull()
    {
        var counters = new RevisionCounters("route", "v1");
        var reading = new RevisionReading(counters);
        Assert.Null(reading.Take());
        counters.Start();
        counters.Endpoints.Of("http://a").Outcomes.Increment(OutcomeCells.CellOf(RequestOutcome.Timeout, 1));
        counters.End();

        Assert.Equal(1UL, reading.Take()?.Endpoints.Single().Outcomes.Timeouts);
        Assert.Null(reading.Take());
        Assert.Empty(reading.Changed);
    }

    private static void Take(RevisionReading[] readings, List<RevisionCounts>[] taken)
    {
        for (var reader = 0; reader < readings.Length; reader++)
        {
            if (readings[reader].Take() is { } counts)
                taken[reader].Add(counts);
        }
    }

    private static void Count(RevisionCounters counters, int round, int thread, int times)
    {
        var random = new Random((round * 100) + thread);
        for (var i = 0; i < times; i++)
        {
            counters.Start();
            var outcome = (RequestOutcome)random.Next(6);
            var place = random.Next(5);
            // Only what never connected may have no endpoint.
            var cells = place == 0 && outcome == RequestOutcome.ConnectionFailure
                ? counters.Nowhere
                : counters.Endpoints.Of($"http://{(place + round) % 7}").Outcomes;
            cells.Increment(OutcomeCells.CellOf(outcome, random.NextDouble() * 0.1));
            counters.End();
        }
    }
}
