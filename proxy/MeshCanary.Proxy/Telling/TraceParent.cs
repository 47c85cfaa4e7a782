using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Telling;

/// <summary>Reads the <c>traceparent</c> of a request (W3C Trace Context).</summary>
internal static class TraceParent
{
    private const int Length = 55;

    /// <summary>What it names; false when there is none, more than one, or one that cannot be read.</summary>
    public static bool TryRead(IHeaderDictionary headers, out ActivityContext parent)
    {
        parent = default;
        if (headers.TraceParent is not [{ Length: >= Length } text])
            return false;
        if (text.Length > Length)
        {
            // A version that is not known yet may add to what every version begins with.
            if (text.StartsWith("00", StringComparison.Ordinal) || text[Length] != '-')
                return false;
            text = text[..Length];
        }

        return ActivityContext.TryParse(text, headers.TraceState.ToString(), isRemote: true, out parent);
    }

    /// <summary>The trace that a request belongs to, or null.</summary>
    public static string? TraceIdOf(IHeaderDictionary headers) => TryRead(headers, out var parent) ? parent.TraceId.ToHexString() : null;
}
