using Grpc.Core;
using Microsoft.Extensions.Logging;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>Answers the proxies' calls.</summary>
internal sealed partial class ProxyControlEndpoint(
    ProxyGate gate, ProxyRegistry registry, SessionFactory sessions, ILogger<ProxyControlEndpoint> logger) : Wire.ProxyControl.ProxyControlBase
{
    /// <inheritdoc/>
    public override async Task Connect(
        IAsyncStreamReader<Wire.ProxyMessage> requestStream, IServerStreamWriter<Wire.ControllerMessage> responseStream, ServerCallContext context)
    {
        Wire.Hello hello;
        try
        {
            gate.CheckToken(context.RequestHeaders);
            hello = ProxyGate.CheckHello(await sessions.FirstAsync(requestStream, context.CancellationToken).ConfigureAwait(false));
        }
        catch (RpcException refusal)
        {
            LogRefused(context.Peer, refusal.Status.Detail);
            throw;
        }

        var session = sessions.Open(hello);
        registry.Attach(session);
        LogConnected(hello.ProxyName, hello.InstanceId, hello.SoftwareVersion, hello.ActiveVersion);
        var ending = "it ended the stream";
        var inOrder = false;
        try
        {
            await session.RunAsync(sessions.Welcome(), requestStream, responseStream, context.CancellationToken).ConfigureAwait(false);
            inOrder = true;
        }
        catch (RpcException dropped)
        {
            ending = dropped.Status.Detail;
            throw;
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or InvalidOperationException)
        {
            ending = "the connection broke";
        }
        finally
        {
            registry.Detach(session, inOrder);
            LogDisconnected(hello.ProxyName, hello.InstanceId, ending);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A proxy at {Peer} was refused: {Reason}")]
    private partial void LogRefused(string peer, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Proxy {Proxy} ({Instance}, {Software}) connected with configuration {Version}.")]
    private partial void LogConnected(string proxy, string instance, string software, ulong version);

    [LoggerMessage(Level = LogLevel.Information, Message = "Proxy {Proxy} ({Instance}) disconnected: {Reason}")]
    private partial void LogDisconnected(string proxy, string instance, string reason);
}
