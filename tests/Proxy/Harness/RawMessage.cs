namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>One HTTP/1.1 message as it came over the wire, a character a byte; its body without the chunks around it.</summary>
/// <param name="StartLine">Request line or status line.</param>
/// <param name="Headers">Headers, and trailers after them.</param>
/// <param name="Body">The content.</param>
/// <param name="IsWhole">False when the connection ended within it.</param>
/// <param name="WireBytes">How many bytes it took.</param>
internal sealed record RawMessage(string StartLine, IReadOnlyList<(string Name, string Value)> Headers, string Body, bool IsWhole, int WireBytes)
{
    public string Target => StartLine.Split(' ')[1];

    public int Status => int.Parse(StartLine.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    public string[] Values(string name) =>
        [.. Headers.Where(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];

    public RawMessage Without(params string[] names) =>
        this with { Headers = [.. Headers.Where(header => !names.Contains(header.Name, StringComparer.OrdinalIgnoreCase))] };

    /// <summary>The same text for messages that mean the same: the order of headers and the case of their names do not count.</summary>
    public override string ToString()
    {
        var headers = Headers.Select(header => $"{header.Name.ToLowerInvariant()}: {header.Value}").Order(StringComparer.Ordinal);
        return $"{StartLine}\n{string.Join('\n', headers)}\n\n{Body}{(IsWhole ? "" : "[cut off]")}";
    }
}
