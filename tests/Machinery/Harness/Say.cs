using Microsoft.AspNetCore.Http;

namespace MeshCanary.Machinery.Tests.Harness;

/// <summary>Answers.</summary>
internal static class Say
{
    public static Func<HttpContext, Task> Json(string json) => http =>
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json);
    };

    public static Func<HttpContext, Task> Status(int code, string reason, string message) => http =>
    {
        http.Response.StatusCode = code;
        return Json(Harness.Json.Status(code, reason, message))(http);
    };

    public static Func<HttpContext, Task> Text(int code, string text) => http =>
    {
        http.Response.StatusCode = code;
        return http.Response.WriteAsync(text);
    };

    /// <summary>Lines, and then the end of the answer.</summary>
    public static Func<HttpContext, Task> Lines(params string[] lines) => async http =>
    {
        foreach (var line in lines)
            await http.Response.WriteAsync(line + "\n");
    };

    /// <summary>Some text, and then the connection breaks.</summary>
    public static Func<HttpContext, Task> Broken(string text) => async http =>
    {
        await http.Response.WriteAsync(text);
        await http.Response.Body.FlushAsync();
        http.Abort();
    };
}
