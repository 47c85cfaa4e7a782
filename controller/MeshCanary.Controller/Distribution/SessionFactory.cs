using MeshCanary.Contracts;
using MeshCanary.Controller.Metrics;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>Opens sessions.</summary>
internal sealed class SessionFactory(string controllerId, TimeSpan reportInterval, SnapshotBoard board, IReportSink reports, TimeProvider time)
{
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
}
