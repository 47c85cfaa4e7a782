using System.Net;

namespace MeshCanary.Proxy.Hosting;

/// <summary>An endpoint without an address: its connections are handed over by another endpoint of the same server.</summary>
internal sealed class HandOverEndPoint : EndPoint
{
    public override string ToString() => "handed-over";
}
