namespace MeshCanary.Proxy.Routing;

/// <summary>The table in force: one reference, so a request sees a snapshot whole or not at all. Thread-safe.</summary>
internal sealed class RouteTableHolder
{
    private RouteTable _current = RouteTable.Empty;

    public RouteTable Current => Volatile.Read(ref _current);

    public void Swap(RouteTable table) => Volatile.Write(ref _current, table);
}
