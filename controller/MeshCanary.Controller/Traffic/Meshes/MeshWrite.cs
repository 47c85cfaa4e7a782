using System.Text.Json.Nodes;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>One call that changes one object of a mesh.</summary>
/// <param name="Type">What kind of object.</param>
/// <param name="Key">Which one.</param>
internal abstract record MeshWrite(ResourceType Type, ObjectKey Key)
{
    /// <summary>An object that is wholly ours is made, or brought to this by server-side apply.</summary>
    internal sealed record Apply(ResourceType Type, ObjectKey Key, JsonObject Body) : MeshWrite(Type, Key);

    /// <summary>Fields of somebody's object are changed; the patch tests what it rests on.</summary>
    internal sealed record Patch(ResourceType Type, ObjectKey Key, JsonPatch Changes) : MeshWrite(Type, Key);

    /// <summary>An object of ours goes.</summary>
    internal sealed record Delete(ResourceType Type, ObjectKey Key, string Uid) : MeshWrite(Type, Key);
}
