using MeshCanary.Machinery.Calling;

namespace MeshCanary.Controller.Distribution.Cluster;

/// <summary>Asks whose a token is.</summary>
internal interface ITokenReviewer
{
    /// <summary>Asks.</summary>
    /// <exception cref="ApiException">There is no answer.</exception>
    Task<TokenReview> ReviewAsync(string token, CancellationToken cancellationToken);
}
