namespace MeshCanary.Proxy.Upstreams;

/// <summary>
/// Idle connections, the last one returned first, so that what is not needed grows old at the bottom. The lock is held for a
/// few instructions, and there is one stack per core: it is uncontended but for the moment when a core borrows.
/// </summary>
internal sealed class IdleStack
{
    private readonly Lock _gate = new();
    private Http1Connection?[] _items = new Http1Connection?[8];
    private int _count;

    public void Push(Http1Connection connection)
    {
        lock (_gate)
        {
            if (_count == _items.Length)
                Array.Resize(ref _items, _count * 2);
            _items[_count++] = connection;
        }
    }

    public Http1Connection? TryPop()
    {
        // A stale look costs a connection more or less, and spares the lock where there is nothing.
        if (Volatile.Read(ref _count) == 0)
            return null;
        lock (_gate)
        {
            if (_count == 0)
                return null;
            var connection = _items[--_count];
            _items[_count] = null;
            return connection;
        }
    }

    /// <summary>How many there are for which the test holds.</summary>
    public int Count(Func<Http1Connection, bool> test)
    {
        lock (_gate)
            return _items.Take(_count).Count(connection => test(connection!));
    }

    /// <summary>Takes out those for which the test holds.</summary>
    public List<Http1Connection> Take(Func<Http1Connection, bool> test)
    {
        List<Http1Connection> taken = [];
        lock (_gate)
        {
            var kept = 0;
            for (var i = 0; i < _count; i++)
            {
                var connection = _items[i]!;
                if (test(connection))
                    taken.Add(connection);
                else
                    _items[kept++] = connection;
            }

            Array.Clear(_items, kept, _count - kept);
            _count = kept;
        }

        return taken;
    }
}
