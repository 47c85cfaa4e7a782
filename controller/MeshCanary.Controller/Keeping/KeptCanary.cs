using MeshCanary.Controller.Reconciling;
using MeshCanary.Controller.Recording.Cluster;

namespace MeshCanary.Controller.Keeping;

/// <summary>A Canary object under control.</summary>
/// <param name="Uid">The object's uid: one of the same name that is made anew is another.</param>
/// <param name="Canary">Its reconciler.</param>
/// <param name="Store">Its state.</param>
internal sealed record KeptCanary(string Uid, ControlledCanary Canary, CanaryStatusStore Store);
