namespace MeshCanary.Proxy.Telling;

/// <summary>Where lines of the access log end. One call at a time.</summary>
internal interface ILineSink : IDisposable
{
    /// <summary>What it is called in messages.</summary>
    string Place { get; }

    /// <summary>Makes it ready.</summary>
    /// <exception cref="IOException">It cannot be written to; the message names it.</exception>
    void Open();

    /// <summary>Writes whole lines.</summary>
    /// <exception cref="IOException">They could not be written, or only a part of them.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken);
}
