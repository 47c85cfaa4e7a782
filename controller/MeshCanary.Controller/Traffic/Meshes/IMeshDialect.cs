using System.Collections.Immutable;
using MeshCanary.Machinery.Discovering;

namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>How one kind of mesh is told where a Canary's requests go. Found by <see cref="Name"/>. Pure: it looks and says, and never acts.</summary>
internal interface IMeshDialect
{
    /// <summary>Its name, as in <c>spec.router.type</c>.</summary>
    string Name { get; }

    /// <summary>The kinds of objects that it looks at. They are followed from the first Canary on that has this router.</summary>
    ImmutableArray<ResourceChoice> Kinds { get; }

    /// <summary>The next step from what is seen to what is wanted. The same wish and view give the same step.</summary>
    MeshStep Next(MeshWish wish, MeshView view);
}
