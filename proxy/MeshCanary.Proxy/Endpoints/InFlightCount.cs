using System.Runtime.InteropServices;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>
/// Requests in flight at one endpoint, on cache lines of its own. Every core that sends a request there writes it: to
/// choose the less busy of two endpoints all must see one figure.
/// </summary>
// Two lines on either side: the adjacent-line prefetcher pulls pairs.
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct InFlightCount
{
    [FieldOffset(128)]
    private int _count;

    public readonly int Value => Volatile.Read(in _count);

    public void Begin() => Interlocked.Increment(ref _count);

    public void End() => Interlocked.Decrement(ref _count);
}
