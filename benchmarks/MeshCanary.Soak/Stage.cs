using MeshCanary.Soak.Loads;
using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Exchanges;

namespace MeshCanary.Soak;

/// <summary>Every backend of a soak. Their ports are below those of outgoing connections, so that they can come back on them.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private Stage(RoughVersion roughStable, RoughVersion roughCanary) => (RoughStable, RoughCanary) = (roughStable, roughCanary);

    /// <summary>Endpoints of <see cref="SoakRoutes.Web"/>.</summary>
    public required IReadOnlyList<ConversingBackend> WebStable { get; init; }

    /// <inheritdoc cref="WebStable"/>
    public required IReadOnlyList<ConversingBackend> WebCanary { get; init; }

    /// <summary>Endpoints of <see cref="SoakRoutes.Grpc"/>.</summary>
    public required IReadOnlyList<ConversingBackend> GrpcStable { get; init; }

    /// <inheritdoc cref="GrpcStable"/>
    public required IReadOnlyList<ConversingBackend> GrpcCanary { get; init; }

    /// <summary>Stable and canary of <see cref="SoakRoutes.Leaving"/>.</summary>
    public required IReadOnlyList<ConversingBackend> Leaving { get; init; }

    /// <summary>Stable of <see cref="SoakRoutes.Rough"/>.</summary>
    public RoughVersion RoughStable { get; }

    /// <summary>Canary of <see cref="SoakRoutes.Rough"/>.</summary>
    public RoughVersion RoughCanary { get; }

    /// <summary>Those that an <see cref="OrderlyLoad"/> reaches.</summary>
    public IReadOnlyList<ConversingBackend> Orderly => [.. WebStable, .. WebCanary, .. GrpcStable, .. GrpcCanary];

    /// <summary>Starts all of them.</summary>
    public static async Task<Stage> StartAsync(CancellationToken cancellation) =>
        new(await RoughVersion.StartAsync("r1", 3, cancellation), await RoughVersion.StartAsync("r2", 2, cancellation))
        {
            WebStable = await StartAsync(false, ["w1", "w1", "w1"], cancellation),
            WebCanary = await StartAsync(false, ["w2", "w2"], cancellation),
            GrpcStable = await StartAsync(true, ["g1", "g1"], cancellation),
            GrpcCanary = await StartAsync(true, ["g2", "g2"], cancellation),
            Leaving = await StartAsync(false, ["l1", "l2"], cancellation),
        };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var backend in Orderly.Concat(Leaving))
            await backend.DisposeAsync();
        await RoughStable.DisposeAsync();
        await RoughCanary.DisposeAsync();
    }

    private static async Task<IReadOnlyList<ConversingBackend>> StartAsync(bool grpc, string[] versions, CancellationToken cancellation)
    {
        List<ConversingBackend> started = [];
        foreach (var version in versions)
            started.Add(await ConversingBackend.StartAsync(version, grpc, FreePort.Find(), cancellation));
        return started;
    }
}
