using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshCanary.Testing.Backends;

/// <summary>How a backend starts.</summary>
public sealed record TestBackendOptions
{
    /// <summary>The value of <c>x-version</c> in every answer.</summary>
    public string Version { get; init; } = "v1";

    /// <summary>The first answer; <see cref="BackendAnswers.Ok"/> when null.</summary>
    public RequestDelegate? Answer { get; init; }

    /// <summary><see cref="HttpProtocols.Http1"/>, or <see cref="HttpProtocols.Http2"/> for h2c with prior knowledge.</summary>
    public HttpProtocols Protocols { get; init; } = HttpProtocols.Http1;

    /// <summary>The port on 127.0.0.1; 0 for any free one.</summary>
    public int Port { get; init; }
}
