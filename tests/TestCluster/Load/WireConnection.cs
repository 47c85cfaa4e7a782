using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MeshCanary.TestCluster.Load;

/// <summary>
/// One HTTP/1.1 connection that repeats and hides nothing, which ready-made clients do: only so is a lost request seen.
/// </summary>
internal sealed class WireConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[8192];
    private int _start;
    private int _end;

    /// <summary>How many answers it has brought.</summary>
    public int Answers { get; private set; }

    /// <summary>Whether a byte of the current answer has come.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether the server will close it.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Connects.</summary>
    /// <param name="address">The server.</param>
    /// <param name="cancellation">Its time limit.</param>
    public async Task OpenAsync(Uri address, CancellationToken cancellation) =>
        await _socket.ConnectAsync(address.Host, address.Port, cancellation);

    /// <summary>Sends a request and reads the answer to its end.</summary>
    /// <param name="request">The request, complete.</param>
    /// <param name="cancellation">Its time limit.</param>
    /// <returns>The status and the headers.</returns>
    /// <exception cref="IOException">The connection ended first.</exception>
    public async Task<(int Status, Dictionary<string, string> Headers)> AskAsync(byte[] request, CancellationToken cancellation)
    {
        HasBegun = false;
        for (var sent = 0; sent < request.Length;)
            sent += await _socket.SendAsync(request.AsMemory(sent), SocketFlags.None, cancellation);

        var first = await LineAsync(cancellation);
        var status = int.Parse(first.Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var line = await LineAsync(cancellation); line.Length > 0; line = await LineAsync(cancellation))
            headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();

        await SkipBodyAsync(headers, cancellation);
        IsLast = headers.GetValueOrDefault("Connection", "").Equals("close", StringComparison.OrdinalIgnoreCase);
        Answers++;
        return (status, headers);
    }

    /// <summary>Closes it.</summary>
    public void Dispose() => _socket.Dispose();

    private async Task SkipBodyAsync(Dictionary<string, string> headers, CancellationToken cancellation)
    {
        if (headers.GetValueOrDefault("Transfer-Encoding", "") == "chunked")
        {
            int size;
            do
            {
                size = int.Parse(await LineAsync(cancellation), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                await SkipAsync(size, cancellation);
                await LineAsync(cancellation);
            }
            while (size > 0);
        }
        else if (headers.TryGetValue("Content-Length", out var length))
        {
            await SkipAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellation);
        }
    }

    private async Task<string> LineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end)
                await FillAsync(cancellation);
            var next = _buffer[_start++];
            if (next == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)next);
        }
    }

    private async Task SkipAsync(int count, CancellationToken cancellation)
    {
        while (count > 0)
        {
            if (_start == _end)
                await FillAsync(cancellation);
            var part = Math.Min(count, _end - _start);
            _start += part;
            count -= part;
        }
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        var got = await _socket.ReceiveAsync(_buffer, SocketFlags.None, cancellation);
        if (got == 0)
            throw new IOException("The connection was closed before the answer was complete.");
        HasBegun = true;
        (_start, _end) = (0, got);
    }
}
