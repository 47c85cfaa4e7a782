using Grpc.Core;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>Every proxy has all Canaries.</summary>
internal sealed class SharedConfiguration(ProxyRoom room) : IProxyDirectory
{
    /// <inheritdoc/>
    public IEnumerable<ProxyRoom> Rooms => [room];

    /// <inheritdoc/>
    public ProxyRoom Find(Wire.Hello hello, ProxyCaller caller) => hello.Canary.Length == 0
        ? room
        : throw new RpcException(new Status(
            StatusCode.PermissionDenied, $"The proxy {hello.ProxyName} asks for Canary {hello.Canary} alone, but the proxies of this controller have all Canaries. Start it without --canary."));
}
