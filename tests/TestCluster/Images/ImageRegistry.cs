using System.Collections.Concurrent;

namespace MeshCanary.TestCluster.Images;

/// <summary>The images that pods may name. Safe to use from several threads, and to add to while the cluster runs.</summary>
public sealed class ImageRegistry
{
    private readonly ConcurrentDictionary<string, Func<string, Image?>> _repositories = new();

    /// <summary>Adds a repository, in place of one of the same name.</summary>
    /// <param name="repository">The name before the colon.</param>
    /// <param name="make">Gives the image of a tag, or null when there is none.</param>
    public void Add(string repository, Func<string, Image?> make) => _repositories[repository] = make;

    /// <summary>Removes a repository: containers that start from now on see their image as missing.</summary>
    /// <param name="repository">The name before the colon.</param>
    public void Remove(string repository) => _repositories.TryRemove(repository, out _);

    /// <summary>Finds an image.</summary>
    /// <param name="reference">As pods name it; without a tag it is <c>latest</c>.</param>
    /// <returns>The image, or null when it cannot be pulled.</returns>
    public Image? Find(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var tag = reference.LastIndexOf(':');
        if (tag < reference.LastIndexOf('/'))
            tag = -1;
        var repository = tag < 0 ? reference : reference[..tag];
        return _repositories.TryGetValue(repository, out var make) ? make(tag < 0 ? "latest" : reference[(tag + 1)..]) : null;
    }
}
