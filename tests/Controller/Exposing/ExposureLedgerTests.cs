using System.Collections.Immutable;
using CsCheck;
using MeshCanary.Controller.Exposing;
using MeshCanary.Controller.Metrics;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Exposing;

public sealed class ExposureLedgerTests
{
    private static readonly Revision V1 = new() { Name = "v1", Addresses = ["http://127.0.0.1:1"] };
    private static readonly Run Run = new() { Id = "r1", Canary = V1 with { Name = "v2" }, Baseline = V1, StartedAt = DateTimeOffset.UnixEpoch, StepStartedAt = DateTimeOffset.UnixEpoch };

    /// <summary>Whoever comes, goes, spends, and says so late or never.</summary>
    [Fact]
    public void Give_AnyOrderOfEvents_NeverGivesMoreThanTheBudget() =>
        Gen.Select(Gen.Long[1, 500], Gen.Long[1, 50], Gen.Select(Gen.Int[0, 9], Gen.Int[0, 255], Gen.Int[0, 100]).Array[0, 60]).Sample((requests, failures, moves) =>
        {
            var spec = new ExposureSpec { MaxRequests = requests, MaxFailures = failures };
            var ledger = ExposureLedger.Of(null, Run, spec)!;
            foreach (var (proxy, connected, percent) in moves)
            {
                var name = Name(proxy);
                if (ledger.Parts.TryGetValue(name, out var part))
                    ledger = ledger.Hear(Said(name, part.Requests, part.Requests * percent / 100, part.Failures, part.Failures * percent / 100));
                string[] present = [.. Enumerable.Range(0, 8).Where(bit => (connected >> bit & 1) == 1).Select(Name)];
                var after = ledger.Give(present);
                foreach (var (instance, known) in ledger.Parts)
                    Assert.True(after.Parts[instance].Requests >= known.Requests && after.Parts[instance].Failures >= known.Failures, "A part shrank");
                ledger = ExposureLedger.Of(after, Run, spec)!;
                Assert.True(ledger.Sum().Requests <= requests && ledger.Sum().Failures <= failures, $"{ledger.Sum()} of {requests} and {failures}");
            }
        });

    [Fact]
    public void Give_OneWhoSpendsAll_GetsAllInTheEnd()
    {
        var ledger = ExposureLedger.Of(null, Run, new ExposureSpec { MaxRequests = 1000 })!;
        var rounds = 0;
        for (; ledger.RequestsSpent(["a"]) is null && rounds < 100; rounds++)
        {
            ledger = ledger.Give(["a"]);
            var part = ledger.Parts["a"];
            ledger = ledger.Hear(Said("a", part.Requests, part.Requests, 0, 0));
        }

        Assert.Equal("the exposure budget of 1000 requests is spent", ledger.RequestsSpent(["a"]));
        Assert.Equal(1000, ledger.Sum().SpentRequests);
        Assert.InRange(rounds, 2, 20);
    }

    [Fact]
    public void Give_NobodyNeedsMore_GivesNothing()
    {
        var ledger = ExposureLedger.Of(null, Run, new ExposureSpec { MaxRequests = 1000 })!.Give(["a", "b"]);
        Assert.Same(ledger, ledger.Give(["a", "b"]));
        Assert.InRange(ledger.Sum().Requests, 2, 200);
    }

    [Fact]
    public void Failures_MoreProxiesThanThereAreToGive_SpendNothingByThemselves()
    {
        var ledger = ExposureLedger.Of(null, Run, new ExposureSpec { MaxFailures = 1 })!.Give(["a", "b", "c"]);
        Assert.Null(ledger.FailuresSpent(["a", "b", "c"]));
        Assert.NotNull(ledger.Hear(Said("a", 0, 0, 1, 1)).FailuresSpent(["a", "b", "c"]));
    }

    [Fact]
    public void Hear_OfAnotherRun_IsNotThisOnes()
    {
        var ledger = ExposureLedger.Of(null, Run, new ExposureSpec { MaxRequests = 1000 })!;
        Assert.Same(ledger, ledger.Hear(Said("a", 10, 10, 0, 0, run: "r1-7")));
        Assert.Empty(ExposureLedger.Of(ledger.Give(["a"]), Run with { Id = "r2" }, new ExposureSpec { MaxRequests = 1000 })!.Parts);
    }

    private static string Name(int proxy) => ((char)('a' + proxy)).ToString();

    private static ImmutableDictionary<string, ProxyStanding> Said(string instance, long allowedRequests, long requests, long allowedFailures, long failures, string? run = null) =>
        ImmutableDictionary<string, ProxyStanding>.Empty.Add(instance, new ProxyStanding(instance, null, null, new Wire.ExposureReport
        {
            Run = run ?? ExposureLedger.NameOf(Run),
            Requests = (ulong)requests,
            Failures = (ulong)failures,
            AllowedRequests = (ulong)allowedRequests,
            AllowedFailures = (ulong)allowedFailures,
        }));
}
