using MeshCanary.Controller.Api;

namespace MeshCanary.Controller.Reconciling;

/// <summary>A Canary under control.</summary>
/// <param name="Worker">Reconciles it.</param>
/// <param name="Feed">Shows it.</param>
internal sealed record ControlledCanary(CanaryWorker Worker, CanaryFeed Feed)
{
    /// <summary>Whether it was removed, and all is given back.</summary>
    public bool Gone => Worker.State.Record.Status.Released;
}
