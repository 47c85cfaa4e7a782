using System.Globalization;
using System.Net;

namespace MeshCanary.SampleService.Options;

/// <summary>Reads <c>PORT</c>, <c>ADDRESS:PORT</c> or <c>localhost:PORT</c>.</summary>
internal static class ListenAddress
{
    public static bool TryParse(string text, out IPEndPoint address)
    {
        const string localhost = "localhost:";
        var number = text.StartsWith(localhost, StringComparison.Ordinal) ? text[localhost.Length..] : text;
        if (ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            address = new IPEndPoint(IPAddress.Loopback, port);
            return true;
        }

        address = new IPEndPoint(IPAddress.Loopback, 0);

        // Without the colon a bare number too large for a port would be read as an IPv4 address.
        if (!text.Contains(':', StringComparison.Ordinal) || !IPEndPoint.TryParse(text, out var parsed))
            return false;

        address = parsed;
        return true;
    }
}
