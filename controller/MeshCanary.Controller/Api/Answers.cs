using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Controller.Api;

/// <summary>Answers of the API: JSON, or problem details (RFC 9457).</summary>
internal static partial class Answers
{
    /// <summary>A value.</summary>
    public static IResult Of<T>(T value, int status = StatusCodes.Status200OK) => Results.Json(value, ApiJson.Options, statusCode: status);

    /// <summary>A problem. The detail is enough for a person; <paramref name="errors"/> are for programs.</summary>
    public static IResult Problem(int status, string title, string detail, ImmutableArray<string> errors = default) => Results.Json(
        new ProblemView("about:blank", title, status, detail, errors.IsDefault ? [] : errors),
        ApiJson.Options,
        "application/problem+json",
        status);

    /// <summary>There is no such Canary.</summary>
    public static IResult NoCanary(string ns, string name) =>
        Problem(StatusCodes.Status404NotFound, "No such Canary", $"There is no Canary {ns}/{name}. GET /api/v1/canaries lists those there are.");

    /// <summary>Reads a request's JSON body.</summary>
    public static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        // A page in a browser cannot send this content type to another site without asking, so none can act through a reader's browser.
        if (!request.HasJsonContentType())
            return (null, Problem(StatusCodes.Status415UnsupportedMediaType, "JSON is expected", "Send the body with content type application/json."));
        try
        {
            var body = await JsonSerializer.DeserializeAsync<T>(request.Body, ApiJson.Options, cancellationToken).ConfigureAwait(false);
            return body is null ? (null, Unreadable("The body is null.")) : (body, null);
        }
        catch (JsonException fault)
        {
            return (null, Unreadable(Plain(fault.Message)));
        }
    }

    // The reader names our types and counts bytes; neither helps whoever wrote the body.
    private static string Plain(string fault)
    {
        var text = TypeName().Replace(fault, "is not of the kind that is expected.");
        return Position().Replace(text, ".");
    }

    [GeneratedRegex(@"could not be converted to \S+")]
    private static partial Regex TypeName();

    [GeneratedRegex(@" \| LineNumber: \d+ \| BytePositionInLine: \d+\.")]
    private static partial Regex Position();

    private static IResult Unreadable(string fault) =>
        Problem(StatusCodes.Status400BadRequest, "The body cannot be read", $"The body is not what is expected here: {fault}");
}
