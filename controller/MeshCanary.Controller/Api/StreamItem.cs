using System.Text.Json;

namespace MeshCanary.Controller.Api;

/// <summary>One server-sent event.</summary>
/// <param name="Id">What a client resumes after.</param>
/// <param name="Json">Its data; one line.</param>
internal sealed record StreamItem(long Id, string Json)
{
    /// <summary>A value as an event.</summary>
    public static StreamItem Of<T>(long id, T value) => new(id, JsonSerializer.Serialize(value, ApiJson.Options));
}
