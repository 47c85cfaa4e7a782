using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Testing.Exchanges;
using MeshCanary.Testing.Meshes;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Functional.Tests.Changes;

/// <summary>No change of the configuration costs a request: weights, endpoints, rules, and the way back.</summary>
public sealed class ChangeTests
{
    private const int WeightChanges = 100;

    private static readonly Wire.Condition[][] RuleSets =
    [
        [],
        [Routes.Header("x-early", "yes")],
        [Routes.Header("x-early", "yes"), new() { Part = Wire.Condition.Types.Part.Query, Name = "preview", Operator = Wire.Condition.Types.Operator.Present }],
        [new() { Part = Wire.Condition.Types.Part.Path, Operator = Wire.Condition.Types.Operator.Prefix, Value = "/nowhere" }],
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MixedLoad_OverWeightEndpointRuleChangesAndARollback_LosesNothingAndIsCountedExactly()
    {
        await using var fleet = new Fleet();
        List<ConversingBackend> stable = [await fleet.AddAsync("v1", Cancellation), await fleet.AddAsync("v1", Cancellation)];
        List<ConversingBackend> canary = [await fleet.AddAsync("v2", Cancellation), await fleet.AddAsync("v2", Cancellation)];
        List<ConversingBackend> stableCalls = [await fleet.AddAsync("g1", Cancellation, grpc: true)];
        List<ConversingBackend> canaryCalls = [await fleet.AddAsync("g2", Cancellation, grpc: true)];
        await using var plane = await ControlPlane.StartAsync(
            2, [Routes.Of(Routes.Web, "/", stable, canary, 0), Routes.Of(Routes.Grpc, "/echo.Echo", stableCalls, canaryCalls, 0)], Cancellation);
        await using var mixed = await MixedLoad.StartAsync([.. plane.Proxies.Select(proxy => proxy.Entrance)], Cancellation);

        // While all weight is on stable: these end by themselves, whatever happens to weights, rules and endpoints.
        foreach (var proxy in plane.Proxies)
            await mixed.BeginLongAsync(proxy.Entrance, Cancellation);

        for (var change = 0; change < WeightChanges; change++)
        {
            var rules = RuleSets[change / 7 % RuleSets.Length];
            var weight = (uint)((change * 37 % 100) + 1) * 100;
            ConversingBackend? gone = null;
            if (change % 10 == 5)
            {
                var calls = change / 10 % 3 == 2;
                var arm = (calls, change / 10 % 2 == 0) switch
                {
                    (false, true) => stable,
                    (false, false) => canary,
                    (true, true) => stableCalls,
                    (true, false) => canaryCalls,
                };
                gone = await ChangeEndpointsAsync(fleet, arm, change / 10, calls);
            }

            await plane.ApplyAsync(Routes.Of(Routes.Web, "/", stable, canary, weight, rules), Cancellation);
            if (change % 5 == 0)
                await plane.ApplyAsync(Routes.Of(Routes.Grpc, "/echo.Echo", stableCalls, canaryCalls, weight), Cancellation);
            if (gone is not null)
                await fleet.RetireAsync(gone, mixed.Load, Cancellation);
            if (change % 10 == 9)
                await mixed.CheckAsync(Cancellation);
        }

        await AllOnTheCanaryAsync(plane, mixed, stable, canary);
        await RolledBackAsync(plane, mixed, fleet, [.. canary, .. canaryCalls], Routes.Of(Routes.Web, "/", stable, [], 0), Routes.Of(Routes.Grpc, "/echo.Echo", stableCalls, [], 0));
        await mixed.FinishAsync(fleet.All, Cancellation);
        await fleet.RetiredAsync();

        await plane.UntilAsync(() => plane.Reports.Total() >= mixed.Load.Answered, "every request is reported", Cancellation);
        Assert.Equal(Tallies.Endpoints(mixed.Load, fleet.All), plane.Reports.Endpoints());
        Assert.Equal(Tallies.Revisions(mixed.Load, fleet.All), plane.Reports.Revisions());
        Assert.Empty(plane.Reports.Faults);
    }

    /// <summary>In turn: one more, one less, another one. Returns the one that is gone.</summary>
    private static async Task<ConversingBackend?> ChangeEndpointsAsync(Fleet fleet, List<ConversingBackend> arm, int turn, bool grpc)
    {
        var remove = turn % 3 != 0 && (arm.Count > 1 || turn % 3 == 2);
        if (!remove || arm.Count == 1)
            arm.Add(await fleet.AddAsync(arm[0].Version, Cancellation, grpc));
        if (!remove)
            return null;
        var gone = arm[0];
        arm.RemoveAt(0);
        return gone;
    }

    private static async Task AllOnTheCanaryAsync(ControlPlane plane, MixedLoad mixed, List<ConversingBackend> stable, List<ConversingBackend> canary)
    {
        await plane.ApplyAsync(Routes.Of(Routes.Web, "/", stable, canary, 10_000), Cancellation);
        await mixed.Load.PassedAsync(Cancellation);
        var before = stable.Sum(backend => backend.Received);
        await mixed.Load.MoreAsync(3, Cancellation);
        Assert.Equal(before, stable.Sum(backend => backend.Received));
    }

    private static async Task RolledBackAsync(ControlPlane plane, MixedLoad mixed, Fleet fleet, List<ConversingBackend> canaries, params Wire.Route[] after)
    {
        foreach (var route in after)
            await plane.ApplyAsync(route, Cancellation);
        foreach (var canary in canaries)
            await fleet.RetireAsync(canary, mixed.Load, Cancellation);
        await mixed.Load.MoreAsync(5, Cancellation);
    }
}
