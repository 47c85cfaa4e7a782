using System.Net;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>An endpoint of the server without an address: its connections come from the open ports, or from another endpoint.</summary>
internal sealed class HandOverEndPoint(string name) : EndPoint
{
    public override string ToString() => name;
}
