using System.Net.Sockets;
using System.Text;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>A client that sends the very bytes it is told.</summary>
internal static class RawClient
{
    /// <summary>Sends a request that closes its connection, and reads all that comes back, a character a byte.</summary>
    public static async Task<string> SendAsync(TestProxy proxy, string request, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(proxy.Server.Listen, cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), cancellation);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, cancellation);
        }
        catch (IOException)
        {
            // A connection whose request was never finished ends in this way, after the answer.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
