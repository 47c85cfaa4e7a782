using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using MeshCanary.Machinery.Calling;

namespace MeshCanary.Controller.Distribution.Cluster;

/// <summary>
/// Asks the API server whose a token is. Answers are kept for a moment, by a hash of the token, never beyond its end; while
/// the API server is away a token that it accepted a little while ago is still good, since its proxy serves in any case and is
/// of more use with a controller than without. Thread-safe.
/// </summary>
internal sealed class ReviewGate(ITokenReviewer reviewer, TimeProvider time) : IProxyGate
{
    /// <summary>How long an accepted token is not asked for again.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    /// <summary>How long it is good without the API server.</summary>
    public static readonly TimeSpan Outage = TimeSpan.FromMinutes(10);

    // A proxy whose account is being made comes again in a moment.
    private static readonly TimeSpan Refused = TimeSpan.FromSeconds(2);

    // Each is a few hundred bytes; a cluster has two proxies a Canary.
    private const int Most = 50_000;

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<ProxyCaller> AuthenticateAsync(Metadata headers, CancellationToken cancellationToken)
    {
        var token = BearerToken.Of(headers);
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var known = _known.GetValueOrDefault(hash);
        if (known is not null && time.GetUtcNow() is var now && now < known.End && now < known.ReviewedAt + (known.Review.Caller is null ? Refused : Fresh))
            return Answer(known.Review);
        try
        {
            var review = await reviewer.ReviewAsync(token, cancellationToken).ConfigureAwait(false);
            Keep(hash, review, TokenExpiry.Of(token));
            return Answer(review);
        }
        catch (ApiException away)
        {
            return known is { Review.Caller: { } caller } && time.GetUtcNow() is var late && late < known.End && late < known.ReviewedAt + Outage
                ? caller
                : throw new RpcException(new Status(StatusCode.Unavailable, $"The API server cannot be asked whose the token is ({away.Message}); try again."));
        }
    }

    private static ProxyCaller Answer(TokenReview review) =>
        review.Caller ?? throw new RpcException(new Status(StatusCode.Unauthenticated, review.Refusal ?? "The token is not accepted."));

    private void Keep(string hash, TokenReview review, DateTimeOffset? end)
    {
        var now = time.GetUtcNow();
        if (_known.Count >= Most)
        {
            foreach (var (old, known) in _known)
            {
                if (now >= known.End || now >= known.ReviewedAt + (known.Review.Caller is null ? Refused : Outage))
                    _known.TryRemove(old, out _);
            }
        }

        // One that does not say when it ends is asked for each time.
        if (end is { } until && _known.Count < Most)
            _known[hash] = new Known(review, now, until);
        else
            _known.TryRemove(hash, out _);
    }

    private sealed record Known(TokenReview Review, DateTimeOffset ReviewedAt, DateTimeOffset End);
}
