using MeshCanary.Controller.Hosting;
using MeshCanary.Proxy.Hosting;

namespace MeshCanary.Cli.Hosting;

/// <summary>What a server of its own is started with.</summary>
internal sealed record StandaloneOptions
{
    /// <summary>The controller.</summary>
    public required ControllerOptions Controller { get; init; }

    /// <summary>Makes the embedded proxy's options from the address of the controller's proxy port; null for no proxy.</summary>
    public required Func<Uri, ProxyOptions>? Proxy { get; init; }
}
