using Grpc.Core;

namespace MeshCanary.Controller.Distribution;

/// <summary>Lets in who may be a proxy, and tells the others why not.</summary>
internal interface IProxyGate
{
    /// <summary>Checks a caller's token.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED, or UNAVAILABLE when it cannot be told now.</exception>
    Task<ProxyCaller> AuthenticateAsync(Metadata headers, CancellationToken cancellationToken);
}
