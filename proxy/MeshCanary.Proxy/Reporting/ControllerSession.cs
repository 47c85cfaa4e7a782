using System.Threading.Channels;
using Grpc.Core;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Configuring;

namespace MeshCanary.Proxy.Reporting;

/// <summary>One stream to the controller, from Hello to its end. All writes go through one loop.</summary>
internal sealed class ControllerSession(
    AsyncDuplexStreamingCall<ProxyMessage, ControllerMessage> call, ReportQueue reports, Action<Snapshot> onSnapshot, Action<Allowance> onAllowance,
    Action<Welcome> onWelcome, TimeProvider time)
    : IAnswerSink
{
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(1);

    private readonly Channel<ProxyMessage> _answers = Channel.CreateUnbounded<ProxyMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _welcomed;

    public void Answer(ProxyMessage answer)
    {
        _answers.Writer.TryWrite(answer);
        Wake();
    }

    /// <summary>Says that there may be something to send.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>
    /// Runs until the stream ends, or closes it in order when it is cancelled: the controller then knows that this proxy
    /// serves no more, and does not wait for it as for one that is cut off.
    /// </summary>
    /// <exception cref="RpcException">How it ended, unless the controller closed it in order.</exception>
    public async Task RunAsync(Hello hello, CancellationToken cancellationToken)
    {
        // Cancelling a read or a write breaks the call off: until it has left in order, only waiting is cancelled.
        using var ended = new CancellationTokenSource();
        await call.RequestStream.WriteAsync(new ProxyMessage { Hello = hello }, cancellationToken);
        var sending = SendAsync(ended.Token, cancellationToken);
        var receiving = ReceiveAsync(ended.Token);
        try
        {
            // A write that fails ends the call, and with it the reading: the reading has the status.
            await receiving.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await LeaveAsync(sending, receiving).WaitAsync(LeavePatience, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(sending, receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeaveAsync(Task sending, Task receiving)
    {
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await call.RequestStream.CompleteAsync();
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            switch (message.BodyCase)
            {
                case ControllerMessage.BodyOneofCase.Welcome:
                    onWelcome(message.Welcome);
                    _welcomed = true;
                    Wake();
                    break;
                case ControllerMessage.BodyOneofCase.Snapshot:
                    onSnapshot(message.Snapshot);
                    break;
                case ControllerMessage.BodyOneofCase.Allowance:
                    onAllowance(message.Allowance);
                    break;
                case ControllerMessage.BodyOneofCase.Receipt:
                    reports.Receipt(message.Receipt.Sequence);
                    break;
            }
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken, CancellationToken leaving)
    {
        ulong sent = 0;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, leaving);
        while (await _wake.Reader.WaitToReadAsync(waiting.Token))
        {
            _wake.Reader.TryRead(out _);
            while (_answers.Reader.TryRead(out var answer))
                await call.RequestStream.WriteAsync(answer, cancellationToken);

            while (_welcomed && reports.After(sent) is { } report)
            {
                await call.RequestStream.WriteAsync(new ProxyMessage { Report = report }, cancellationToken);
                sent = report.Sequence;
                while (_answers.Reader.TryRead(out var answer))
                    await call.RequestStream.WriteAsync(answer, cancellationToken);
            }
        }
    }
}
