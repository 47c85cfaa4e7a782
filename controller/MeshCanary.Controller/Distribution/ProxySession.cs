using System.Threading.Channels;
using Grpc.Core;
using MeshCanary.Controller.Metrics;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>One proxy's stream. What waits to be sent is never more than one snapshot, one part of each budget and one receipt.</summary>
internal sealed class ProxySession(Wire.Hello hello, SnapshotBoard board, IReportSink reports, TimeProvider time)
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource<string> _dropped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AllowanceBox _allowances = new();
    private long _receipt;
    private int _receiptDue;
    private long _lastHeard = time.GetUtcNow().UtcTicks;
    private long _acknowledged;
    private long _reported;
    private long _firstReport;
    private volatile string? _problem;
    private volatile Sending? _sending;
    private int _renewed;

    /// <summary>The proxy's name.</summary>
    public string Proxy { get; } = hello.ProxyName;

    /// <summary>Its instance.</summary>
    public string Instance { get; } = hello.InstanceId;

    /// <summary>Newest snapshot that it acknowledged; 0 for none.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Why it refused the newest one; null when it did not.</summary>
    public string? Problem => _problem;

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset LastHeard => new(Volatile.Read(ref _lastHeard), TimeSpan.Zero);

    /// <summary>Reports of this stream that are not receipted: a proxy that has many makes no new ones, and is silent rightly.</summary>
    public long Owed => Volatile.Read(ref _reported) - Math.Max(Volatile.Read(ref _receipt), Volatile.Read(ref _firstReport) - 1);

    /// <summary>Called after an answer to a snapshot, with the version and whether it was accepted.</summary>
    public Action<ProxySession, long, bool>? Answered { get; set; }

    /// <summary>When a snapshot was sent, as <see cref="TimeProvider.GetTimestamp"/>; null for any but the last.</summary>
    public long? SentAt(long version) => _sending is { } sending && sending.Version == version ? sending.Timestamp : null;

    /// <summary>True once: a refused snapshot may be tried under another version, and that refused again is refused for what is in it.</summary>
    public bool TryRenew() => Interlocked.Exchange(ref _renewed, 1) == 0;

    /// <summary>A newer snapshot is there.</summary>
    public void Notify() => _wake.Writer.TryWrite(true);

    /// <summary>Reports up to this one are stored.</summary>
    public void Receipt(long sequence)
    {
        Volatile.Write(ref _receipt, sequence);
        Volatile.Write(ref _receiptDue, 1);
        Notify();
    }

    /// <summary>The proxy's part of a route's budget.</summary>
    public void Allow(string route, Wire.ExposureBudget? part)
    {
        if (_allowances.Put(route, part))
            Notify();
    }

    /// <summary>Ends the stream.</summary>
    public void Drop(string reason) => _dropped.TrySetResult(reason);

    /// <summary>Talks with the proxy until either side ends the stream.</summary>
    public async Task RunAsync(
        Wire.Welcome welcome, IAsyncStreamReader<Wire.ProxyMessage> requests, IAsyncStreamWriter<Wire.ControllerMessage> responses, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Notify();
        var reading = ReadAsync(requests, stop.Token);
        var writing = WriteAsync(welcome, responses, stop.Token);
        var first = await Task.WhenAny(reading, writing, _dropped.Task).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        if (first == _dropped.Task)
        {
            await Task.WhenAll(reading, writing).WaitAsync(TimeSpan.FromSeconds(1), time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new RpcException(new Status(StatusCode.Unavailable, await _dropped.Task.ConfigureAwait(false)));
        }

        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    private async Task ReadAsync(IAsyncStreamReader<Wire.ProxyMessage> requests, CancellationToken cancellationToken)
    {
        while (await requests.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            Volatile.Write(ref _lastHeard, time.GetUtcNow().UtcTicks);
            var message = requests.Current;
            switch (message.BodyCase)
            {
                case Wire.ProxyMessage.BodyOneofCase.Ack:
                    Answer((long)message.Ack.Version, null);
                    break;
                case Wire.ProxyMessage.BodyOneofCase.Nack:
                    Answer((long)message.Nack.Version, message.Nack.Reasons.Count > 0 ? string.Join(" ", message.Nack.Reasons) : "no reason given");
                    break;
                case Wire.ProxyMessage.BodyOneofCase.Report:
                    Interlocked.CompareExchange(ref _firstReport, (long)message.Report.Sequence, 0);
                    Volatile.Write(ref _reported, (long)message.Report.Sequence);
                    reports.Accept(Instance, message.Report);
                    break;
                default:
                    // Of a newer minor version, perhaps: what is not understood does no harm.
                    break;
            }
        }
    }

    private async Task WriteAsync(Wire.Welcome welcome, IAsyncStreamWriter<Wire.ControllerMessage> responses, CancellationToken cancellationToken)
    {
        await responses.WriteAsync(new Wire.ControllerMessage { Welcome = welcome }, cancellationToken).ConfigureAwait(false);
        var sent = 0L;
        while (await _wake.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            _wake.Reader.TryRead(out _);
            var renewed = board.Current is { } newest && newest.Version > sent;
            if (renewed && board.Current is { } current)
            {
                _sending = new Sending(current.Version, time.GetTimestamp());
                await responses.WriteAsync(new Wire.ControllerMessage { Snapshot = current.Snapshot }, cancellationToken).ConfigureAwait(false);
                sent = current.Version;
            }

            foreach (var allowance in _allowances.Take(all: renewed))
                await responses.WriteAsync(new Wire.ControllerMessage { Allowance = allowance }, cancellationToken).ConfigureAwait(false);

            if (Interlocked.Exchange(ref _receiptDue, 0) == 1)
            {
                var receipt = new Wire.Receipt { Sequence = (ulong)Volatile.Read(ref _receipt) };
                await responses.WriteAsync(new Wire.ControllerMessage { Receipt = receipt }, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Answer(long version, string? problem)
    {
        if (problem is null && version > Acknowledged)
            Volatile.Write(ref _acknowledged, version);
        // An answer to a version that was replaced meanwhile says nothing about the newest.
        if (version >= (board.Current?.Version ?? 0))
            _problem = problem is null ? null : $"snapshot {version}: {problem}";
        Answered?.Invoke(this, version, problem is null);
    }

    private sealed record Sending(long Version, long Timestamp);
}
