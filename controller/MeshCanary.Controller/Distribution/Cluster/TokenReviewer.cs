using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Distribution.Cluster;

/// <summary>Asks the API server, by a TokenReview.</summary>
internal sealed class TokenReviewer(ClusterAccess cluster) : ITokenReviewer
{
    private const string PodName = "authentication.kubernetes.io/pod-name";
    private const string PodUid = "authentication.kubernetes.io/pod-uid";
    private static readonly ResourceType Type = new("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", IsNamespaced: false);

    /// <inheritdoc/>
    public async Task<TokenReview> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = Type.ApiVersion,
            ["kind"] = Type.Kind,
            ["spec"] = new JsonObject { ["token"] = token, ["audiences"] = new JsonArray(ProxyNames.Audience) },
        };
        var request = new ApiRequest("create", HttpMethod.Post, Type.Path())
        {
            Type = Type,
            Body = body.ToJsonString(),
            // It changes nothing.
            IsIdempotent = true,
            // Beyond it the proxy had better ask another replica, or again.
            Timeout = TimeSpan.FromSeconds(5),
        };
        using var answer = await cluster.Api.ReadAsync(request, cancellationToken).ConfigureAwait(false);
        return Read(answer.RootElement);
    }

    /// <summary>What an answer says.</summary>
    internal static TokenReview Read(JsonElement review)
    {
        if (At(review, "status") is not { } status || At(status, "authenticated") is not { ValueKind: JsonValueKind.True } || At(status, "user") is not { } user)
        {
            var why = At(review, "status") is { } said && Text(said, "error") is { Length: > 0 } error ? error : "it is none, or it has expired";
            return new TokenReview(null, $"The API server does not accept the token: {why}.");
        }

        // A server that knows nothing of audiences leaves them out, and has not looked at ours.
        if (!Texts(status, "audiences").Contains(ProxyNames.Audience))
            return new TokenReview(null, $"The token is not for the audience {ProxyNames.Audience}, or the API server does not know of audiences.");
        var extra = At(user, "extra");
        return new TokenReview(
            new ProxyCaller(Text(user, "username"), extra is { } pods ? Texts(pods, PodName).FirstOrDefault() : null, extra is { } uids ? Texts(uids, PodUid).FirstOrDefault() : null), null);
    }

    private static JsonElement? At(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement json, string name) => At(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement json, string name) => At(json, name) is { ValueKind: JsonValueKind.Array } values
        ? values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)
        : [];
}
