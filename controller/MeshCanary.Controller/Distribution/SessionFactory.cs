using Grpc.Core;
using MeshCanary.Contracts;
using MeshCanary.Controller.Metrics;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>Opens sessions.</summary>
internal sealed class SessionFactory(string controllerId, TimeSpan reportInterval, SnapshotBoard board, IReportSink reports, TimeProvider time)
{
    private static readonly TimeSpan HelloPatience = TimeSpan.FromSeconds(10);

    /// <summary>A session for a proxy that was let in.</summary>
    public ProxySession Open(Wire.Hello hello)
    {
        // State that was set back (a folder restored or begun afresh) must not leave proxies on what they have.
        board.RiseAbove((long)hello.ActiveVersion);
        return new ProxySession(hello, board, reports, time);
    }

    /// <summary>What the controller says first.</summary>
    public Wire.Welcome Welcome() => new()
    {
        ProtocolVersion = ProtocolVersion.Current,
        ControllerId = controllerId,
        ReportIntervalMs = (uint)reportInterval.TotalMilliseconds,
    };

    /// <summary>The first message of a stream; null when there is none.</summary>
    /// <exception cref="RpcException">It does not come.</exception>
    public async Task<Wire.ProxyMessage?> FirstAsync(IAsyncStreamReader<Wire.ProxyMessage> requests, CancellationToken cancellationToken)
    {
        try
        {
            return await requests.MoveNext(cancellationToken).WaitAsync(HelloPatience, time, cancellationToken).ConfigureAwait(false) ? requests.Current : null;
        }
        catch (TimeoutException)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"No Hello within {HelloPatience.TotalSeconds:0} s."));
        }
    }
}
