using MeshCanary.Controller.Keeping;

namespace MeshCanary.Controller.Traffic;

/// <summary>A router of a cluster: it changes objects for a Canary, and gives them back.</summary>
internal interface IClusterTraffic : ITrafficRouter, IClusterPart;
