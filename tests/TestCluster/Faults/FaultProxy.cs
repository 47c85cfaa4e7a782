using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using MeshCanary.TestCluster.ControlPlane;
using MeshCanary.TestCluster.Isolation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace MeshCanary.TestCluster.Faults;

/// <summary>
/// Stands before the API server and does to calls what tests ask for; everything else passes. Whoever shows a token is
/// known by it; whoever shows a certificate is taken for the administrator. Safe to use from several threads.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CallForwarder _forwarder;
    private readonly ConcurrentDictionary<FaultRule, bool> _rules = new();
    private readonly ConcurrentDictionary<OpenCall, ApiCall> _open = new();
    private readonly ConcurrentQueue<ApiCall> _passed = new();
    private readonly TimeProvider _time;

    private FaultProxy(Access admin, WebApplication app, TimeProvider time)
    {
        (_app, _time) = (app, time);
        _forwarder = new CallForwarder(admin, Fate);
        app.Run(HandleAsync);
    }

    /// <summary>Its address, good for this process and for pods.</summary>
    public Uri Address { get; private set; } = new("https://localhost");

    /// <summary>Calls that reached the API server.</summary>
    public IReadOnlyCollection<ApiCall> Passed => _passed;

    /// <summary>Starts one.</summary>
    /// <param name="admin">The way to the API server.</param>
    /// <param name="authority">Issues its certificate.</param>
    /// <param name="time">The clock of delays.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<FaultProxy> StartAsync(
        Access admin, CertificateAuthority authority, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(authority);
        var certificate = authority.Issue("fault-proxy", [], ["localhost", "127.0.0.1", OwnNamespace.Gateway]).Load();

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Any, 0, listen =>
            {
                // One connection per call in flight: to break one must not break its neighbours.
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = certificate;
                    https.ClientCertificateMode = ClientCertificateMode.NoCertificate;
                });
            });
        });

        var proxy = new FaultProxy(admin, builder.Build(), time);
        await proxy._app.StartAsync(cancellation);
        var port = new Uri(proxy._app.Urls.Single().Replace("0.0.0.0", "localhost", StringComparison.Ordinal)).Port;
        proxy.Address = new UriBuilder("https", OwnNamespace.Gateway, port).Uri;
        return proxy;
    }

    /// <summary>Makes something go wrong from now on.</summary>
    /// <param name="match">With which calls.</param>
    /// <param name="fault">What.</param>
    /// <param name="times">How often; without end unless given.</param>
    /// <returns>The fault, which ends when it is disposed of.</returns>
    public FaultRule Add(Func<ApiCall, bool> match, Fault fault, int times = int.MaxValue)
    {
        var rule = new FaultRule(match, fault, times, ended => _rules.TryRemove(ended, out _));
        _rules[rule] = true;
        if (fault is Fault.Break)
            Break(rule);
        return rule;
    }

    /// <summary>The API server is away from now on: every open connection breaks, and every new call.</summary>
    /// <returns>Disposing of it brings the server back.</returns>
    public FaultRule GoAway() => Add(_ => true, Fault.Reset);

    /// <summary>How many calls reached the API server.</summary>
    /// <param name="match">Which calls.</param>
    public int Count(Func<ApiCall, bool> match) => _passed.Count(match);

    /// <summary>Ends it, and every call that is open.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var rule in _rules.Keys)
            rule.Dispose();
        foreach (var open in _open.Keys)
            open.Break();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _forwarder.Dispose();
    }

    private void Break(FaultRule rule)
    {
        foreach (var (open, call) in _open)
            if (rule.Matches(call) && rule.Take())
                open.Break();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var call = new ApiCall(context.Request.Method, context.Request.Path.Value ?? "/", context.Request.QueryString.Value ?? "");
        var open = new OpenCall(context);
        _open[open] = call;
        try
        {
            foreach (var rule in _rules.Keys)
                if (rule.Fault is not Fault.Events && rule.Matches(call) && rule.Take() && await AnswerAsync(rule, context))
                    return;

            _passed.Enqueue(call);
            await _forwarder.ForwardAsync(context, call);
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException or IOException)
        {
            // The client or the server went; either is a broken connection to the other.
            context.Abort();
        }
        finally
        {
            _open.TryRemove(open, out _);
            open.End();
        }
    }

    // True when the call has had its answer.
    private async Task<bool> AnswerAsync(FaultRule rule, HttpContext context)
    {
        switch (rule.Fault)
        {
            case Fault.Answer answer:
                context.Response.StatusCode = answer.Code;
                if (answer.RetryAfter is { } after)
                    context.Response.Headers.RetryAfter = ((int)after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(answer.Body, context.RequestAborted);
                return true;
            case Fault.Stall { Delay: { } delay }:
                await Task.Delay(delay, _time, context.RequestAborted);
                return false;
            case Fault.Stall:
                using (var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, rule.End))
                    await Task.Delay(Timeout.InfiniteTimeSpan, _time, either.Token);
                return true;
            default:
                context.Abort();
                return true;
        }
    }

    private EventFate Fate(ApiCall call, string line)
    {
        foreach (var rule in _rules.Keys)
        {
            if (rule.Fault is not Fault.Events events || !rule.Matches(call))
                continue;
            var fate = events.Fate(line);
            if (fate != EventFate.Pass && rule.Take())
                return fate;
        }

        return EventFate.Pass;
    }
}
