using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Faults;

/// <summary>An object that exists and does not fit the type that is expected of it, as one made under an older schema may not.</summary>
/// <param name="Type">What it should be.</param>
/// <param name="Key">Where it is.</param>
/// <param name="Uid">Its identity, or empty when even that cannot be read.</param>
/// <param name="ResourceVersion">The version of it that was seen.</param>
/// <param name="Error">What does not fit, and where in the object.</param>
public sealed record UndecodableObject(ResourceType Type, ObjectKey Key, string Uid, string ResourceVersion, string Error);
