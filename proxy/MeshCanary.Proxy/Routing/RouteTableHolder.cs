namespace MeshCanary.Proxy.Routing;

/// <summary>The table in force. Swapped whole; readers take it once per request.</summary>
internal sealed class RouteTableHolder
{
    private RouteTable _current = RouteTable.Empty;

    public RouteTable Current => Volatile.Read(ref _current);

    public void Swap(RouteTable table) => Volatile.Write(ref _current, table);
}
