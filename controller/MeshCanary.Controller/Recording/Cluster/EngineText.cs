using System.IO.Compression;
using System.Text.Json;
using MeshCanary.Controller.Api;

namespace MeshCanary.Controller.Recording.Cluster;

/// <summary>Writes an <see cref="EngineState"/> as one short text: JSON, compressed, in base64.</summary>
internal static class EngineText
{
    /// <summary>More than any real state unpacks to: a text that somebody else put there must not fill the memory.</summary>
    private const int LargestUnpacked = 32 * 1024 * 1024;

    /// <summary>Writes.</summary>
    public static string Write(EngineState state)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            JsonSerializer.Serialize(brotli, state, ApiJson.Options);
        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else, or of a newer format; the message says which.</exception>
    public static EngineState Read(string text)
    {
        try
        {
            return Unpack(text);
        }
        catch (Exception failure) when (failure is FormatException or JsonException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            throw new InvalidDataException($"The kept state is not one that this version of MeshCanary can read: {failure.Message}", failure);
        }
    }

    private static EngineState Unpack(string text)
    {
        using var brotli = new BrotliStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        using var json = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = brotli.Read(buffer)) > 0;)
        {
            json.Write(buffer, 0, read);
            if (json.Length > LargestUnpacked)
                throw new InvalidDataException("The kept state is larger than any that MeshCanary writes.");
        }

        var bytes = json.GetBuffer().AsSpan(0, (int)json.Length);
        if (FormatOf(bytes) is var format and > EngineState.CurrentFormat)
            throw new InvalidDataException($"The kept state has format {format}, which is newer than this version of MeshCanary. Run the version that wrote it, or a newer one.");
        return JsonSerializer.Deserialize<EngineState>(bytes, ApiJson.Options) ?? throw new InvalidDataException("The kept state is empty.");
    }

    // A newer format may have members of other types: its number is read alone.
    private static int FormatOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.TryGetProperty("format", out var format) && format.TryGetInt32(out var number) ? number : 0;
    }
}
