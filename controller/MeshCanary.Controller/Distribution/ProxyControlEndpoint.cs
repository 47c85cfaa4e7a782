using Grpc.Core;
using MeshCanary.Contracts;
using Microsoft.Extensions.Logging;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>Answers the proxies' calls.</summary>
internal sealed partial class ProxyControlEndpoint(
    ILeadership leadership, IProxyGate gate, IProxyDirectory directory, HelloReader greetings, ILogger<ProxyControlEndpoint> logger) : Wire.ProxyControl.ProxyControlBase
{
    /// <inheritdoc/>
    public override async Task Connect(
        IAsyncStreamReader<Wire.ProxyMessage> requestStream, IServerStreamWriter<Wire.ControllerMessage> responseStream, ServerCallContext context)
    {
        // Who does not lead need not know who is asking.
        if (!leadership.IsLeading)
            throw NotLeading();
        var (hello, room) = await AdmitAsync(requestStream, context).ConfigureAwait(false);
        var session = room.Sessions.Open(hello);
        room.Registry.Attach(session);
        LogConnected(hello.ProxyName, hello.InstanceId, hello.SoftwareVersion, hello.ActiveVersion);
        var ending = "it ended the stream";
        var inOrder = false;
        try
        {
            await session.RunAsync(room.Sessions.Welcome(), requestStream, responseStream, context.CancellationToken).ConfigureAwait(false);
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
            room.Registry.Detach(session, inOrder);
            LogDisconnected(hello.ProxyName, hello.InstanceId, ending);
        }
    }

    private async Task<(Wire.Hello Hello, ProxyRoom Room)> AdmitAsync(IAsyncStreamReader<Wire.ProxyMessage> requestStream, ServerCallContext context)
    {
        try
        {
            var caller = await gate.AuthenticateAsync(context.RequestHeaders, context.CancellationToken).ConfigureAwait(false);
            var hello = HelloCheck.Verify(await greetings.FirstAsync(requestStream, context.CancellationToken).ConfigureAwait(false));
            var room = directory.Find(hello, caller);
            // What the API server says of its name goes before what it says itself.
            if (caller.Pod is { } pod)
                hello.ProxyName = pod;
            return (hello, room);
        }
        catch (RpcException refusal)
        {
            LogRefused(context.Peer, refusal.Status.Detail);
            throw;
        }
    }

    private RpcException NotLeading() => new(
        new Status(StatusCode.Unavailable, leadership.Leader is { } leader ? $"not the leader; the leader is {leader}" : "not the leader; no leader is known yet"),
        new Metadata { { Trailers.Leader, leadership.Leader ?? "" } });

    [LoggerMessage(Level = LogLevel.Warning, Message = "A proxy at {Peer} was refused: {Reason}")]
    private partial void LogRefused(string peer, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Proxy {Proxy} ({Instance}, {Software}) connected with configuration {Version}.")]
    private partial void LogConnected(string proxy, string instance, string software, ulong version);

    [LoggerMessage(Level = LogLevel.Information, Message = "Proxy {Proxy} ({Instance}) disconnected: {Reason}")]
    private partial void LogDisconnected(string proxy, string instance, string reason);
}
