using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>One request on its way: what is needed to count it when it ends.</summary>
/// <param name="Context">The request.</param>
/// <param name="Target">The arm that serves it.</param>
/// <param name="Started">When it arrived, as a timestamp.</param>
internal readonly record struct Exchange(HttpContext Context, ArmTarget Target, long Started)
{
    public void Record(RequestOutcome outcome, TimeSpan elapsed, long requestBytes, long responseBytes)
    {
        var counters = Target.Counters;
        counters.Record(outcome, elapsed.TotalSeconds);
        counters.RecordBytes(requestBytes, responseBytes);

        // A client that is gone saw no status.
        if (outcome != RequestOutcome.ClientAbort)
            counters.RecordStatus(Context.Response.StatusCode);
    }
}
