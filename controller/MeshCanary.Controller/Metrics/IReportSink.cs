using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>Takes the reports of proxies.</summary>
internal interface IReportSink
{
    /// <summary>A proxy's stream opened. <paramref name="receipt"/> is called with the last report of an unbroken row of stored ones; it must not block.</summary>
    void Connected(string instance, string proxy, Action<long> receipt);

    /// <summary>A report arrived; again, perhaps.</summary>
    void Accept(string instance, Wire.IntervalReport report);

    /// <summary>The stream ended.</summary>
    void Disconnected(string instance);
}
