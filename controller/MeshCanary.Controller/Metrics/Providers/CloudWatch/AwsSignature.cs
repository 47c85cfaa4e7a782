using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MeshCanary.Controller.Metrics.Providers.CloudWatch;

/// <summary>
/// Signs a request as Amazon asks (Signature Version 4): a hash chain over method, path, headers and body. The part of a client that
/// is needed for one call; for a request without query parameters.
/// </summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Adds time, session and signature to a message. Every header that it has by then is signed.</summary>
    /// <param name="message">A message with an absolute address without query.</param>
    /// <param name="body">Its body.</param>
    /// <param name="keys">With what.</param>
    /// <param name="region">For which region.</param>
    /// <param name="service">For which of Amazon's services.</param>
    /// <param name="now">The time; Amazon takes one that is off by minutes at most.</param>
    public static void Add(HttpRequestMessage message, ReadOnlySpan<byte> body, AwsKeys keys, string region, string service, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{region}/{service}/aws4_request";
        message.Headers.TryAddWithoutValidation("X-Amz-Date", time);
        if (keys.Session is { } session)
            message.Headers.TryAddWithoutValidation("X-Amz-Security-Token", session);
        var headers = Headers(message);
        var names = string.Join(';', headers.Select(header => header.Key));
        var request = string.Join(
            '\n',
            message.Method.Method,
            message.RequestUri!.AbsolutePath,
            "",
            string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n")),
            names,
            Convert.ToHexStringLower(SHA256.HashData(body)));
        var toSign = string.Join('\n', Algorithm, time, scope, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request))));
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + keys.Secret), Sign);
        var signature = Convert.ToHexStringLower(Sign(key, toSign));
        message.Headers.TryAddWithoutValidation("Authorization", $"{Algorithm} Credential={keys.Id}/{scope}, SignedHeaders={names}, Signature={signature}");
    }

    // Those that something in between may change are left out.
    private static List<KeyValuePair<string, string>> Headers(HttpRequestMessage message)
    {
        var all = message.Headers.Concat(message.Content is { } content ? content.Headers.Where(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)) : [])
            .Where(header => header.Key.StartsWith("X-Amz-", StringComparison.OrdinalIgnoreCase) || header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            .Select(header => KeyValuePair.Create(header.Key.ToLowerInvariant(), string.Join(',', header.Value).Trim()))
            .Append(KeyValuePair.Create("host", message.RequestUri!.Authority));
        return [.. all.OrderBy(header => header.Key, StringComparer.Ordinal)];
    }

    private static byte[] Sign(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
