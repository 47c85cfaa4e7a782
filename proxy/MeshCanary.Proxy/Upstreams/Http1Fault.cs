using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>How an exchange failed, in the words of the forwarder for other protocols: what reads the one reads the other.</summary>
/// <param name="error">What failed.</param>
/// <param name="status">What the client is told if it has not been told anything yet.</param>
/// <param name="cause">Why.</param>
internal sealed class Http1Fault(ForwarderError error, int status, Exception cause) : Exception(cause.Message, cause)
{
    public ForwarderError Error => error;

    public int Status => status;

    public Exception Cause => InnerException!;

    /// <summary>Whether the response to the client may have been changed by then.</summary>
    public bool AfterHead => error is not (ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.RequestCanceled or ForwarderError.RequestCreation);
}
