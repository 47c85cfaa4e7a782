using MeshCanary.Proxy.Endpoints;

namespace MeshCanary.Proxy.Tests.Endpoints;

/// <summary>Requests that are over at once.</summary>
internal static class Requests
{
    public static void End(this Endpoint endpoint, EndpointResult result, int times)
    {
        for (var i = 0; i < times; i++)
        {
            endpoint.Begin();
            endpoint.End(result);
        }
    }
}
