using Grpc.Core;

namespace MeshCanary.Controller.Distribution;

/// <summary>The token that a call carries.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>Reads it.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: there is none.</exception>
    public static string Of(Metadata headers)
    {
        var shown = headers.GetValue("authorization");
        if (shown is null || !shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new RpcException(new Status(StatusCode.Unauthenticated, "This controller asks for a token. Start the proxy with the token file that is meant for it."));
        return shown[Scheme.Length..].Trim();
    }
}
