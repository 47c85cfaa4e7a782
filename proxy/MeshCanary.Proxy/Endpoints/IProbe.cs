namespace MeshCanary.Proxy.Endpoints;

/// <summary>One way to ask an endpoint how it is.</summary>
internal interface IProbe
{
    /// <summary>Asks once.</summary>
    /// <returns>What is wrong, as a sentence without its end that begins with "its health check" or the like; empty when all is well.</returns>
    /// <exception cref="OperationCanceledException">It took too long, or nobody wants to know any more.</exception>
    Task<string> AskAsync(CancellationToken cancellationToken);
}
