using System.Net;
using System.Text.Json;
using MeshCanary.Controller.Admission.Reviews;
using MeshCanary.Controller.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Admission.Serving;

/// <summary>Answers the API server's reviews over HTTPS.</summary>
internal static partial class AdmissionServer
{
    // Two objects of the largest size that etcd takes, in JSON.
    private const long LargestBody = 8 * 1024 * 1024;

    /// <summary>Starts to serve.</summary>
    /// <exception cref="IOException">The address cannot be taken; the message names it.</exception>
    public static Task<WebHost> StartAsync(
        IPEndPoint address, IReadOnlyCollection<IAdmissionRule> rules, ServingCertificate certificate, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var builder = WebHost.CreateBuilder(address, loggers, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            // Asked for each connection: a renewed certificate needs no restart.
            listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificateSelector = (_, _) => certificate.Present });
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = LargestBody);
        var app = builder.Build();
        var logger = loggers.CreateLogger(typeof(AdmissionServer));
        foreach (var rule in rules)
            app.MapPost(rule.Path, (Delegate)((HttpContext exchange) => AnswerAsync(exchange, rule, logger)));
        app.MapGet("/healthz", () => certificate.Present is null ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : Results.Text("ok"));
        return WebHost.StartAsync(app, address, "webhook server", cancellationToken);
    }

    private static async Task<IResult> AnswerAsync(HttpContext exchange, IAdmissionRule rule, ILogger logger)
    {
        AdmissionRequest? request;
        try
        {
            request = (await exchange.Request.ReadFromJsonAsync<AdmissionReview>(ReviewJson.Options, exchange.RequestAborted).ConfigureAwait(false))?.Request;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return Results.Text($"An AdmissionReview of admission.k8s.io/v1 is expected: {fault.Message}", statusCode: StatusCodes.Status400BadRequest);
        }

        if (request is null)
            return Results.Text("An AdmissionReview with a request is expected.", statusCode: StatusCodes.Status400BadRequest);
        try
        {
            return Results.Json(rule.Review(request).To(request), ReviewJson.Options);
        }
#pragma warning disable CA1031 // One object that a rule stumbles over must not end the server; the failure policy decides about the write.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFault(logger, fault, rule.Path, request.Namespace, request.Name);
            return Results.Text("The review failed; the controller's log says why.", statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The review of {Path} for {Namespace}/{Name} failed; the webhook's failure policy decides.")]
    private static partial void LogFault(ILogger logger, Exception fault, string path, string @namespace, string name);
}
