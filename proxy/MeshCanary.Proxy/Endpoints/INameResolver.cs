using System.Net;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>Tells what addresses a host name has now.</summary>
internal interface INameResolver
{
    /// <exception cref="System.Net.Sockets.SocketException">It cannot be told.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
