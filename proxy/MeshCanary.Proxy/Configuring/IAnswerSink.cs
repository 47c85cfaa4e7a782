using MeshCanary.Contracts.V1;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Where the answer to a snapshot goes.</summary>
internal interface IAnswerSink
{
    /// <summary>Sends an answer if the controller listens; a later Hello says the same when it does not.</summary>
    void Answer(ProxyMessage answer);
}
