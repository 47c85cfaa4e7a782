using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshCanary.Controller.Admission.Reviews;

/// <summary>How reviews are read and written.</summary>
internal static class ReviewJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
