using System.Net;

namespace MeshCanary.Controller.Metrics.Providers.Http;

/// <summary>An answer with a status of success.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">All of the body, decompressed.</param>
internal sealed record ProviderReply(HttpStatusCode Status, ReadOnlyMemory<byte> Body);
