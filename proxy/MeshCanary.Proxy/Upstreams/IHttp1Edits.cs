using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>What the proxy changes in one request and its response on their way.</summary>
internal interface IHttp1Edits
{
    /// <summary>The header fields to send in place of the client's.</summary>
    /// <param name="context">The request.</param>
    /// <returns>Null when there is nothing to change.</returns>
    IHeaderDictionary? ChangeRequest(HttpContext context);

    /// <summary>Called when status and header fields of the response are set and none of it has been sent.</summary>
    void Respond(HttpContext context);
}
