using System.Globalization;

namespace MeshCanary.Machinery.Resources;

/// <summary>Times with exactly six digits after the second. Servers refuse a MicroTime with fewer, which KubernetesClient writes for whole seconds.</summary>
internal static class MicroTime
{
    /// <summary>A time as JSON text.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
