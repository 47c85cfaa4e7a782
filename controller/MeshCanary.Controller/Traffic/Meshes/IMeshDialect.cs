namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>How one kind of mesh is told where a Canary's requests go. Found by <see cref="Name"/>. Pure: it looks and says, and never acts.</summary>
internal interface IMeshDialect
{
    /// <summary>Its name, as in <c>spec.router.type</c>.</summary>
    string Name { get; }

    /// <summary>The next step from what is seen to what is wanted. The same wish and view give the same step.</summary>
    MeshStep Next(MeshWish wish, MeshView view);
}
