using System.Collections.Concurrent;
using System.Text;
using MeshCanary.Controller.Distribution;
using MeshCanary.Controller.Distribution.Cluster;
using MeshCanary.Machinery.Calling;

namespace MeshCanary.Controller.Tests.Distribution.Cluster;

/// <summary>Knows tokens as the test says, and may be away.</summary>
internal sealed class TestReviewer : ITokenReviewer
{
    private readonly ConcurrentDictionary<string, ProxyCaller> _known = new(StringComparer.Ordinal);
    private int _asked;

    public bool IsAway { get; set; }

    public int Asked => Volatile.Read(ref _asked);

    public static string Token(string user, DateTimeOffset end) =>
        $"h.{Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"sub":"{{user}}","exp":{{end.ToUnixTimeSeconds()}}}""")).TrimEnd('=').Replace('+', '-').Replace('/', '_')}.s";

    public string Know(string token, string user, string? pod = null)
    {
        _known[token] = new ProxyCaller(user, pod, null);
        return token;
    }

    public void Forget(string token) => _known.TryRemove(token, out _);

    public Task<TokenReview> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        if (IsAway)
            throw new ApiException(ApiErrorKind.ServerAway, "create tokenreviews", "no answer");
        return Task.FromResult(_known.TryGetValue(token, out var caller) ? new TokenReview(caller, null) : new TokenReview(null, "The API server does not accept the token."));
    }
}
