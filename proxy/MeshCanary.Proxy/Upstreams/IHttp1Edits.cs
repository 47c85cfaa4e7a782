using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>What the proxy has to say in one request and its response on their way.</summary>
internal interface IHttp1Edits
{
    /// <summary>Whether another endpoint is left to try when there is no connection; asked only where one is opened.</summary>
    bool MayGoElsewhere { get; }

    /// <summary>The header fields to send in place of the client's.</summary>
    /// <param name="context">The request.</param>
    /// <returns>Null when there is nothing to change.</returns>
    IHeaderDictionary? ChangeRequest(HttpContext context);

    /// <summary>Called when status and header fields of the response are set and none of it has been sent.</summary>
    void Respond(HttpContext context);
}
