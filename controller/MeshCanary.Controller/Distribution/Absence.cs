namespace MeshCanary.Controller.Distribution;

/// <summary>A proxy whose stream broke: it may be dead, or serve on without us.</summary>
/// <param name="Proxy">Its name.</param>
/// <param name="Instance">Its instance.</param>
/// <param name="Acknowledged">Newest snapshot that it acknowledged; 0 for none.</param>
/// <param name="LastHeard">When it was last heard of.</param>
/// <param name="Since">When the loss was noticed.</param>
internal sealed record Absence(string Proxy, string Instance, long Acknowledged, DateTimeOffset LastHeard, DateTimeOffset Since)
{
    /// <summary>What that means for who waits for it; no figure in it runs, as each change of the words is a write of the status.</summary>
    public string Words => $"proxy {Proxy} was last seen at {LastHeard:HH:mm:ss} UTC; it may still send its last split";

    /// <summary>What people see of it.</summary>
    public string Problem => Acknowledged == 0
        ? $"missing since {LastHeard:yyyy-MM-dd HH:mm:ss} UTC; it may still serve by what it had before"
        : $"missing since {LastHeard:yyyy-MM-dd HH:mm:ss} UTC; it may still serve by snapshot {Acknowledged}";
}
