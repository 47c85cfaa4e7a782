using System.IO.Hashing;
using System.Text;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Names the cluster of one revision of one route. The same in every snapshot, so connections and health survive.</summary>
internal static class ClusterId
{
    // Neither part may contain white space, so the pair can be told apart. Cluster names are compared without regard
    // to case and revisions with; the hash keeps "V1" and "v1" apart.
    public static string Of(string route, string revision)
    {
        var id = $"{route} {revision}";
        return id.AsSpan().ContainsAnyInRange('A', 'Z')
            ? $"{id} {XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(id)):x16}"
            : id;
    }
}
