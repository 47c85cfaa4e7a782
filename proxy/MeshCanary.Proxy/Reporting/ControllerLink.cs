using Grpc.Core;
using MeshCanary.Contracts;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Configuring;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Keeps a stream to the controller for as long as the proxy runs. Serving never waits for it.</summary>
internal sealed partial class ControllerLink(
    Introduction introduction, ControllerAddress address, ControllerTurn turn, ReportQueue reports, SnapshotIntake intake,
    TimeProvider time, ILogger<ControllerLink> logger)
{
    private readonly Backoff _backoff = new();
    private readonly TaskCompletionSource<string> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ControllerSession? _session;
    private volatile bool _connected;
    private long _reportIntervalTicks = TimeSpan.FromSeconds(1).Ticks;

    /// <summary>Whether the controller has welcomed the stream that is open now.</summary>
    public bool Connected => _connected;

    /// <summary>Completes with the reason when the controller refuses this proxy as such.</summary>
    public Task<string> Refused => _refused.Task;

    /// <summary>How long an interval is, as the controller last said.</summary>
    public TimeSpan ReportInterval => new(Volatile.Read(ref _reportIntervalTicks));

    private string Meanwhile => introduction.ActiveVersion == 0
        ? "There is no configuration yet, so requests get 503"
        : "Serving goes on with the configuration in force";

    /// <summary>Says that a report waits.</summary>
    public void Wake() => Volatile.Read(ref _session)?.Wake();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (address.ExposesToken)
            LogExposed(address.Uri);

        while (!cancellationToken.IsCancellationRequested)
        {
            var setback = await ConnectAsync(cancellationToken);
            if (cancellationToken.IsCancellationRequested)
                return;
            if (setback == Setback.NotLeading && !turn.HasMore)
                LogNoLeader(address.Uri, Meanwhile);
            await Task.Delay(turn.HasMore ? Backoff.Step() : _backoff.Next(setback), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Setback> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            var at = await turn.NextAsync(cancellationToken);
            using var channel = address.Open(at);
            using var call = new ProxyControl.ProxyControlClient(channel).Connect(address.Credentials(), cancellationToken: CancellationToken.None);
            ControllerSession? session = null;
            session = new ControllerSession(call, reports, snapshot => intake.Offer(snapshot, session!), intake.Allow, Welcomed, time);
            Volatile.Write(ref _session, session);
            await session.RunAsync(introduction.Hello(), cancellationToken);
            LogEnded(address.Uri);
            return Setback.Lost;
        }
        catch (RpcException fault)
        {
            return cancellationToken.IsCancellationRequested ? Setback.Lost : Lost(fault);
        }
        catch (Exception fault)
        {
            // Whatever it is, the next attempt may do better; without one the proxy would be on its own for ever.
            if (!cancellationToken.IsCancellationRequested)
                LogLost(address.Uri, fault.Message.TrimEnd('.'), Meanwhile);
            return Setback.Lost;
        }
        finally
        {
            _connected = false;
            Volatile.Write(ref _session, null);
        }
    }

    private void Welcomed(Welcome welcome)
    {
        if (welcome.ProtocolVersion != ProtocolVersion.Current)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition,
                $"the controller speaks protocol version {welcome.ProtocolVersion}, this proxy {ProtocolVersion.Current}"));
        }

        if (welcome.ReportIntervalMs > 0)
            Volatile.Write(ref _reportIntervalTicks, TimeSpan.FromMilliseconds(welcome.ReportIntervalMs).Ticks);
        _backoff.Reset();
        turn.Restart();
        _connected = true;
        LogWelcomed(address.Uri, welcome.ControllerId);
    }

    private Setback Lost(RpcException fault)
    {
        if (fault.Trailers.GetValue(Trailers.Leader) is { } leader)
        {
            turn.Prefer(leader);
            return Setback.NotLeading;
        }

        var remedy = fault.StatusCode switch
        {
            StatusCode.FailedPrecondition => "Run proxy and controller of the same release.",
            StatusCode.Unauthenticated => "See that the proxy's token file holds the token that the controller expects.",
            StatusCode.PermissionDenied => "See that the controller allows this proxy.",
            _ => null,
        };
        if (remedy is null)
        {
            LogLost(address.Uri, fault.Status.Detail.TrimEnd('.'), Meanwhile);
            return Setback.Lost;
        }

        var reason = $"The controller at {address.Uri} refuses this proxy ({fault.StatusCode}): {fault.Status.Detail.TrimEnd('.')}. {remedy}";
        LogRefused(reason, Meanwhile);
        _refused.TrySetResult(reason);
        return Setback.Refused;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the controller {Id} at {Address}.")]
    private partial void LogWelcomed(Uri address, string id);

    [LoggerMessage(Level = LogLevel.Information, Message = "The controller at {Address} closed the stream; connecting again.")]
    private partial void LogEnded(Uri address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No stream to the controller at {Address}: {Reason}. {Meanwhile}; trying again.")]
    private partial void LogLost(Uri address, string reason, string meanwhile);

    [LoggerMessage(Level = LogLevel.Warning, Message = "None of the controllers at {Address} leads yet. {Meanwhile}; trying again.")]
    private partial void LogNoLeader(Uri address, string meanwhile);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason} {Meanwhile}; trying again slowly.")]
    private partial void LogRefused(string reason, string meanwhile);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The token for the controller at {Address} crosses the network unprotected. Use an https address.")]
    private partial void LogExposed(Uri address);
}
