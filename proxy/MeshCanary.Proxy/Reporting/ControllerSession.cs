using System.Threading.Channels;
using Grpc.Core;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Configuring;

namespace MeshCanary.Proxy.Reporting;

/// <summary>One stream to the controller, from Hello to its end. All writes go through one loop.</summary>
internal sealed class ControllerSession(
    AsyncDuplexStreamingCall<ProxyMessage, ControllerMessage> call, ReportQueue reports, Action<Snapshot> onSnapshot, Action<Welcome> onWelcome)
    : IAnswerSink
{
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

    /// <summary>Runs until the stream ends.</summary>
    /// <exception cref="RpcException">How it ended, unless the controller closed it in order.</exception>
    public async Task RunAsync(Hello hello, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await call.RequestStream.WriteAsync(new ProxyMessage { Hello = hello }, ended.Token);
        var sending = SendAsync(ended.Token);
        try
        {
            // A write that fails ends the call, and with it the reading: the reading has the status.
            await ReceiveAsync(ended.Token);
        }
        finally
        {
            await ended.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
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
                case ControllerMessage.BodyOneofCase.Receipt:
                    reports.Receipt(message.Receipt.Sequence);
                    break;
            }
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        ulong sent = 0;
        while (await _wake.Reader.WaitToReadAsync(cancellationToken))
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
