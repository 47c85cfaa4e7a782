using MeshCanary.Rollouts.Deciding;

namespace MeshCanary.Rollouts.Tests.Deciding.Model;

/// <summary>Proxies that take plans late, twice, out of order or not at all, and come and go.</summary>
internal sealed class ModelProxies
{
    private const int Count = 3;

    private readonly TrafficPlan?[] _active = new TrafficPlan?[Count];
    private readonly List<TrafficPlan>[] _underWay = [[], [], []];
    private readonly bool[] _connected = [true, true, false];

    public void Send(TrafficPlan plan)
    {
        for (var proxy = 0; proxy < Count; proxy++)
        {
            if (_connected[proxy])
                _underWay[proxy].Add(plan);
        }
    }

    /// <summary>One proxy takes one of the plans that are under way to it; a stale one may overtake a newer one.</summary>
    public void Take(int proxy, int which, bool keep)
    {
        var queue = _underWay[proxy % Count];
        if (queue.Count == 0)
            return;
        _active[proxy % Count] = queue[which % queue.Count];
        if (!keep)
            queue.RemoveAt(which % queue.Count);
    }

    public void Lose(int proxy) => _underWay[proxy % Count].Clear();

    public void Toggle(int proxy)
    {
        _connected[proxy % Count] = !_connected[proxy % Count];
        _underWay[proxy % Count].Clear();
    }

    /// <summary>All proxies are there and have the plan.</summary>
    public void Calm(TrafficPlan plan)
    {
        for (var proxy = 0; proxy < Count; proxy++)
        {
            _connected[proxy] = true;
            _underWay[proxy].Clear();
            _active[proxy] = plan;
        }
    }

    public TrafficObservation Observe(TrafficPlan newest)
    {
        var connected = Enumerable.Range(0, Count).Where(proxy => _connected[proxy]).Select(proxy => _active[proxy]).ToArray();
        var agreed = connected.Length > 0 && connected.All(plan => plan is not null && plan == connected[0]) ? connected[0] : null;
        return new TrafficObservation
        {
            Acknowledged = agreed,
            Proxies = connected.Length,
            ProxiesAcknowledged = connected.Count(plan => plan == newest),
            Problem = agreed == newest ? null : "some proxies have another plan",
        };
    }
}
