using System.Security.Cryptography;
using System.Text;
using Grpc.Core;

namespace MeshCanary.Controller.Distribution;

/// <summary>Asks for one token that all proxies share, or for none.</summary>
internal sealed class TokenGate(string? token) : IProxyGate
{
    private readonly byte[]? _expected = token is null ? null : Digest(token);

    /// <inheritdoc/>
    public Task<ProxyCaller> AuthenticateAsync(Metadata headers, CancellationToken cancellationToken)
    {
        if (_expected is not null && !CryptographicOperations.FixedTimeEquals(_expected, Digest(BearerToken.Of(headers))))
            throw new RpcException(new Status(StatusCode.Unauthenticated, "The token is not this controller's. Give the proxy the token file of the controller that it connects to."));
        return Task.FromResult(ProxyCaller.Nameless);
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
