using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Malformed;

/// <summary>One entry of the corpus.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Why">Why the outcome is the right one.</param>
/// <param name="Lines">What is sent, as the file has it.</param>
/// <param name="Ends">Whether the sender says afterwards that nothing more will come.</param>
/// <param name="Then">What must happen.</param>
/// <param name="Sees">The requests that reach the upstream, all of them; null for any number.</param>
/// <param name="NoneWhole">Whether no whole request may reach it.</param>
internal sealed record CorpusCase(string Name, string Why, IReadOnlyList<string> Lines, bool Ends, string Then,
    IReadOnlyList<RawMessage>? Sees, bool NoneWhole)
{
    /// <summary>The bytes that are sent, a character each: a line is ended by CRLF, unless it is a piece.</summary>
    public string Bytes => string.Concat(Lines.Select(line =>
        line.StartsWith(">>", StringComparison.Ordinal) ? Escapes.Resolve(line[2..].TrimStart(' ')) : Escapes.Resolve(line[1..].TrimStart(' ')) + "\r\n"));
}
