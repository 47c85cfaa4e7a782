using MeshCanary.Testing.Exchanges;
using MeshCanary.Testing.Meshes;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Soak;

/// <summary>The four routes of a soak.</summary>
internal static class SoakRoutes
{
    /// <summary>Versions whose endpoints come and go in order.</summary>
    public const string Web = "soak/web";

    /// <summary>The same for gRPC.</summary>
    public const string Grpc = "soak/grpc";

    /// <summary>Versions whose endpoints die, stall and fail.</summary>
    public const string Rough = "soak/rough";

    /// <summary>Versions whose clients go away.</summary>
    public const string Leaving = "soak/leaving";

    /// <summary>Path of <see cref="Rough"/>.</summary>
    public const string RoughPrefix = "/rough";

    /// <summary>Path of <see cref="Leaving"/>.</summary>
    public const string LeavingPrefix = "/leaving";

    /// <summary>The sticky cookie of <see cref="Rough"/>.</summary>
    public const string Cookie = "mc-user";

    /// <summary>Path of the health check of <see cref="Rough"/>.</summary>
    public const string Ready = "/ready";

    /// <summary>Sticky, mirrored, with a health check and a circuit.</summary>
    public static Wire.Route OfRough(IEnumerable<string> stable, string stableName, IEnumerable<string> canary, string canaryName, uint weight) => new()
    {
        Name = Rough,
        PathPrefix = RoughPrefix,
        Stable = new Wire.Arm { Revision = stableName, Endpoints = { stable }, HealthCheck = new Wire.HealthCheck { HttpPath = Ready } },
        Canary = new Wire.Arm { Revision = canaryName, Endpoints = { canary }, HealthCheck = new Wire.HealthCheck { HttpPath = Ready } },
        CanaryWeight = weight,
        Stickiness = new Wire.Stickiness { Cookie = Cookie },
        Mirror = new Wire.Mirror { Share = 2000 },
        Circuit = new Wire.Circuit { PauseMs = 2000 },
    };

    /// <summary>A canary under a new name for each run, and none for 0.</summary>
    public static Wire.Route OfLeaving(ConversingBackend stable, ConversingBackend canary, int run)
    {
        var route = Routes.Of(Leaving, LeavingPrefix, [stable], run == 0 ? [] : [canary], 5000);
        if (route.Canary is not null)
            route.Canary.Revision = $"{canary.Version}-{run}";
        return route;
    }
}
