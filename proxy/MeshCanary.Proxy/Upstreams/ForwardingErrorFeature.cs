using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>Tells the rest of the pipeline how an exchange failed.</summary>
internal sealed record ForwardingErrorFeature(ForwarderError Error, Exception? Exception) : IForwarderErrorFeature;
