namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// The upstream took a request and ended the connection without an answer. An <see cref="InvalidOperationException"/>
/// because the handler sends a request again after an <see cref="IOException"/>, and not after this.
/// </summary>
internal sealed class UpstreamBrokeOffException(Exception? cause)
    : InvalidOperationException("The upstream closed the connection without an answer to the request.", cause);
