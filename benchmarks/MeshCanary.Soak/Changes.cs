using MeshCanary.Soak.Control;
using MeshCanary.Testing.Exchanges;
using MeshRoutes = MeshCanary.Testing.Meshes.Routes;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Soak;

/// <summary>What happens to the mesh while it is under load: weights, endpoints, new versions, a stream that breaks, bad hours of a version.</summary>
internal sealed class Changes(ControlStand stand, Stage stage, Random chance)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BadHour = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StreamLife = TimeSpan.FromSeconds(7);

    private ConversingBackend? _away;
    private int _run;

    /// <summary>Snapshots with other weights that the proxy acknowledged.</summary>
    public int Weights { get; private set; }

    /// <summary>Endpoints that left and came back.</summary>
    public int Endpoints { get; private set; }

    /// <summary>Canaries under a new name.</summary>
    public int Runs => _run;

    /// <summary>The routes, with new weights.</summary>
    public IEnumerable<Wire.Route> Routes() =>
    [
        MeshRoutes.Of(SoakRoutes.Web, "/", Present(stage.WebStable), Present(stage.WebCanary), Weight()),
        MeshRoutes.Of(SoakRoutes.Grpc, "/echo.Echo", Present(stage.GrpcStable), Present(stage.GrpcCanary), Weight()),
        SoakRoutes.OfRough(
            stage.RoughStable.Addresses, stage.RoughStable.Name, stage.RoughCanary.Addresses, stage.RoughCanary.Name, 2000 + (Weight() / 2)),
        SoakRoutes.OfLeaving(stage.Leaving[0], stage.Leaving[1], _run % 2 == 0 ? 0 : _run),
    ];

    /// <summary>Changes things until it is cancelled or one of them fails, and then leaves every endpoint in its place.</summary>
    public async Task RunAsync(SteadyLoad orderly, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] all = [ReconfigureAsync(orderly, ending.Token), WorsenAsync(ending.Token), CutAsync(ending.Token)];
        await Task.WhenAny(all);
        await ending.CancelAsync();
        await Task.WhenAll(all);
    }

    private async Task ReconfigureAsync(SteadyLoad orderly, CancellationToken cancellation)
    {
        var all = stage.Orderly;
        for (var step = 0; await PassesAsync(Step, cancellation) || _away is not null; step++)
        {
            // In one step an endpoint leaves, in the next it is back; in every fifth the run is another one.
            var leaves = _away is null;
            if (leaves)
                _away = all[chance.Next(all.Count)];
            else
                await BackAsync(_away!);
            if (step % 5 == 0)
                _run++;
            stand.Publish(Routes());
            await stand.AcknowledgedAsync(CancellationToken.None);
            Weights++;
            if (!leaves)
                continue;

            // It ends as a good citizen: what was sent to it before is answered.
            await orderly.PassedAsync(CancellationToken.None);
            await _away!.StopAsync(CancellationToken.None);
        }
    }

    private async Task BackAsync(ConversingBackend backend)
    {
        await backend.RestartAsync(CancellationToken.None);
        _away = null;
        Endpoints++;
    }

    private async Task WorsenAsync(CancellationToken cancellation)
    {
        var (stable, canary) = (stage.RoughStable, stage.RoughCanary);
        for (var hour = 0; await PassesAsync(BadHour, cancellation); hour++)
        {
            var bad = (hour % 5) switch
            {
                0 => stable.DieAsync(chance.Next(3), BadHour, cancellation),
                1 => canary.FailAsync(BadHour, cancellation),
                2 => stable.StallAsync(chance.Next(3), BadHour, cancellation),
                3 => canary.DieAsync(chance.Next(2), BadHour, cancellation),
                _ => canary.StallAsync(chance.Next(2), BadHour, cancellation),
            };
            await bad;
        }
    }

    private async Task CutAsync(CancellationToken cancellation)
    {
        while (await PassesAsync(StreamLife, cancellation))
            stand.Cut();
    }

    private IEnumerable<ConversingBackend> Present(IEnumerable<ConversingBackend> endpoints) => endpoints.Where(endpoint => endpoint != _away);

    private uint Weight() => (uint)chance.Next(500, 9500);

    private static async Task<bool> PassesAsync(TimeSpan time, CancellationToken cancellation)
    {
        await Task.Delay(time, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellation.IsCancellationRequested;
    }
}
