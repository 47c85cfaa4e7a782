using Grpc.Core;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>Knows which configuration is whose. Thread-safe.</summary>
internal interface IProxyDirectory
{
    /// <summary>All that there are.</summary>
    IEnumerable<ProxyRoom> Rooms { get; }

    /// <summary>Where a proxy belongs.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED when it belongs nowhere, UNAVAILABLE when it has to wait.</exception>
    ProxyRoom Find(Wire.Hello hello, ProxyCaller caller);
}
