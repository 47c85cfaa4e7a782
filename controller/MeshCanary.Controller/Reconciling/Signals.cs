namespace MeshCanary.Controller.Reconciling;

/// <summary>Carries word of what happened to the Canaries, which are made after those that have something to tell.</summary>
internal sealed class Signals
{
    private volatile CanarySet? _canaries;

    /// <summary>The Canaries are there.</summary>
    public void Reach(CanarySet canaries) => _canaries = canaries;

    /// <summary>Something happened to one.</summary>
    public void One(string key) => _canaries?.Signal(key);

    /// <summary>Something happened that may concern all.</summary>
    public void All() => _canaries?.SignalAll();
}
