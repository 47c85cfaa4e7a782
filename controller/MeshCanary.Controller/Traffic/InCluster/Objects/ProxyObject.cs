using System.Text.Json.Nodes;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.InCluster.Objects;

/// <summary>An object as it is meant to be.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Key">Where it is.</param>
/// <param name="Intent">All that is ours of it.</param>
internal sealed record ProxyObject(ResourceType Type, ObjectKey Key, JsonObject Intent);
