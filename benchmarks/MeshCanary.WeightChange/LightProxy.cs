using Grpc.Core;
using Grpc.Net.Client;
using MeshCanary.Contracts;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.WeightChange;

/// <summary>
/// The proxy's side of the protocol with a connection of its own: it acknowledges a snapshot as soon as it has read it,
/// and reports counts when the controller wants them. It forwards nothing.
/// </summary>
internal sealed class LightProxy(string name, Uri control) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(control);
    private readonly TaskCompletionSource<TimeSpan> _configured = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AsyncDuplexStreamingCall<Wire.ProxyMessage, Wire.ControllerMessage>? _call;
    private Task _reading = Task.CompletedTask;
    private Task _reporting = Task.CompletedTask;

    /// <summary>Joins the controller; returns when it has acknowledged its first snapshot.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _call = new Wire.ProxyControl.ProxyControlClient(_channel).Connect(cancellationToken: _stop.Token);
        await WriteAsync(new Wire.ProxyMessage
        {
            Hello = new Wire.Hello
            {
                ProtocolVersion = ProtocolVersion.Current,
                ProxyName = name,
                InstanceId = Guid.NewGuid().ToString("N"),
                SoftwareVersion = "benchmark",
                Histogram = new Wire.HistogramLayout { FirstUpperEdgeSeconds = 0.00025, BucketsPerOctave = 16, BucketCount = 304 },
            },
        });
        _reading = ReadAsync(_call.ResponseStream);
        var interval = await _configured.Task.WaitAsync(cancellationToken);
        _reporting = ReportAsync(interval);
    }

    /// <summary>A stream that broke meanwhile would make the figures those of fewer proxies.</summary>
    public void ThrowIfEnded()
    {
        if (_reading.IsCompleted || _reporting.IsCompleted)
            throw new InvalidOperationException($"The stream of {name} ended during the run.", _reading.Exception ?? _reporting.Exception);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_reading, _reporting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _call?.Dispose();
        _channel.Dispose();
        _writing.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync(IAsyncStreamReader<Wire.ControllerMessage> responses)
    {
        var interval = TimeSpan.Zero;
        try
        {
            await foreach (var message in responses.ReadAllAsync(_stop.Token))
            {
                if (message.Welcome is { } welcome)
                    interval = TimeSpan.FromMilliseconds(welcome.ReportIntervalMs);
                if (message.Snapshot is not { } snapshot)
                    continue;
                await WriteAsync(new Wire.ProxyMessage { Ack = new Wire.Ack { Version = snapshot.Version } });
                _configured.TrySetResult(interval);
            }

            _configured.TrySetException(new InvalidOperationException("The controller ended the stream."));
        }
        catch (RpcException refused)
        {
            _configured.TrySetException(refused);
            throw;
        }
    }

    private async Task ReportAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval, TimeProvider.System);
        var start = TimeProvider.System.GetUtcNow();
        for (ulong sequence = 1; await timer.WaitForNextTickAsync(_stop.Token); sequence++)
        {
            var end = TimeProvider.System.GetUtcNow();
            var report = new Wire.IntervalReport { Sequence = sequence, StartUnixMs = start.ToUnixTimeMilliseconds(), EndUnixMs = end.ToUnixTimeMilliseconds() };
            var served = new Wire.RevisionCounts { Revision = "v1" };
            served.Latency.Add(new Wire.BucketCount { Bucket = 100, Count = 100 });
            report.Routes.Add(new Wire.RouteCounts { Route = RolloutClient.Canary, Revisions = { served } });
            await WriteAsync(new Wire.ProxyMessage { Report = report });
            start = end;
        }
    }

    // A stream takes one message at a time.
    private async Task WriteAsync(Wire.ProxyMessage message)
    {
        await _writing.WaitAsync(_stop.Token);
        try
        {
            await _call!.RequestStream.WriteAsync(message, _stop.Token);
        }
        finally
        {
            _writing.Release();
        }
    }
}
