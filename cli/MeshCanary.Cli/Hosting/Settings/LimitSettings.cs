using System.CommandLine;
using MeshCanary.Proxy.Hosting;

namespace MeshCanary.Cli.Hosting.Settings;

/// <summary>How much clients may ask of a proxy, as options.</summary>
internal sealed class LimitSettings
{
    private const int LeastWindow = 65_535;
    private const int LeastFrame = 16 * 1024;
    private const int MostFrame = (16 * 1024 * 1024) - 1;
    private const int MostHead = 1024 * 1024;

    private static readonly ProxyLimits Standard = new();

    private readonly Option<long?> _requestLine = Size("--max-request-line", "Longest request line; more is answered with 414.", Standard.RequestLine, 128, MostHead);
    private readonly Option<long?> _requestHeaders = Size("--max-request-headers", "Most bytes of request headers; more is answered with 431.", Standard.RequestHeaders, 128, MostHead);
    private readonly Option<int?> _headerCount = Count("--max-request-header-count", "Most request headers; more are answered with 431.", Standard.RequestHeaderCount, 10_000);
    private readonly Option<long?> _requestBody = Size("--max-request-body", "Longest request body; more is answered with 413.", null, 1, 1L << 50);
    private readonly Option<int?> _connections = Count("--max-connections", "Most open connections; what is beyond is closed at once.", null, int.MaxValue);
    private readonly Option<int?> _tunnels = Count("--max-tunnels", "Most open tunnels (WebSockets); more are answered with 503.", null, int.MaxValue);
    private readonly Option<int?> _streams = Count("--max-streams", "Most requests at a time on one HTTP/2 connection.", Standard.Http2Streams, 10_000);
    private readonly Option<long?> _connectionWindow = Size("--connection-window", "What an HTTP/2 client may send ahead on one connection.", Standard.Http2ConnectionWindow, LeastWindow, int.MaxValue);
    private readonly Option<long?> _streamWindow = Size("--stream-window", "What an HTTP/2 client may send ahead of one request.", Standard.Http2StreamWindow, LeastWindow, int.MaxValue);
    private readonly Option<long?> _frame = Size("--max-frame", "Largest HTTP/2 frame that is taken.", Standard.Http2Frame, LeastFrame, MostFrame);
    private readonly Option<long?> _responseBuffer = Size("--response-buffer", "What is held of an answer for a client that reads slowly, before the upstream has to wait.", Standard.ResponseBuffer, 1, 1L << 30);
    private readonly Option<TimeSpan?> _keepAlive = Time("--keep-alive", "Longest time that a connection may be idle.", Standard.KeepAlive);
    private readonly Option<TimeSpan?> _requestHead = Time("--request-head-timeout", "Longest time that the head of a request may take; then it is answered with 408.", Standard.RequestHead);
    private readonly Option<TimeSpan?> _handshake = Time("--handshake-timeout", "Longest time that a TLS handshake may take.", Standard.Handshake);
    private readonly Option<TimeSpan?> _bodyPause = Time("--max-body-pause", "Longest pause of the client's within a body.", Standard.BodyPause);

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All =>
    [
        _requestLine, _requestHeaders, _headerCount, _requestBody, _connections, _tunnels, _streams, _connectionWindow, _streamWindow,
        _frame, _responseBuffer, _keepAlive, _requestHead, _handshake, _bodyPause,
    ];

    /// <summary>What they say.</summary>
    public ProxyLimits Of(SettingValues values) => new()
    {
        RequestLine = (int)(values.Get(_requestLine) ?? Standard.RequestLine),
        RequestHeaders = (int)(values.Get(_requestHeaders) ?? Standard.RequestHeaders),
        RequestHeaderCount = values.Get(_headerCount) ?? Standard.RequestHeaderCount,
        RequestBody = values.Get(_requestBody),
        Connections = values.Get(_connections),
        Tunnels = values.Get(_tunnels),
        Http2Streams = values.Get(_streams) ?? Standard.Http2Streams,
        Http2ConnectionWindow = (int)(values.Get(_connectionWindow) ?? Standard.Http2ConnectionWindow),
        Http2StreamWindow = (int)(values.Get(_streamWindow) ?? Standard.Http2StreamWindow),
        Http2Frame = (int)(values.Get(_frame) ?? Standard.Http2Frame),
        ResponseBuffer = values.Get(_responseBuffer) ?? Standard.ResponseBuffer,
        KeepAlive = values.Get(_keepAlive) ?? Standard.KeepAlive,
        RequestHead = values.Get(_requestHead) ?? Standard.RequestHead,
        Handshake = values.Get(_handshake) ?? Standard.Handshake,
        BodyPause = values.Get(_bodyPause) ?? Standard.BodyPause,
    };

    private static Option<long?> Size(string name, string description, long? standard, long least, long most) => new(name)
    {
        Description = $"{description} Default: {(standard is { } size ? SettingText.Size(size) : "any")}.",
        HelpName = "SIZE",
        CustomParser = result => SettingText.ReadSize(result, least, most),
    };

    private static Option<int?> Count(string name, string description, int? standard, int most) => new(name)
    {
        Description = FormattableString.Invariant($"{description} Default: {(standard is { } count ? count : "any")}."),
        HelpName = "COUNT",
        CustomParser = result => SettingText.ReadCount(result, 1, most),
    };

    private static Option<TimeSpan?> Time(string name, string description, TimeSpan standard) => new(name)
    {
        Description = FormattableString.Invariant($"{description} Default: {standard.TotalSeconds}s."),
        HelpName = "DURATION",
        CustomParser = result =>
        {
            var time = ArgumentParsers.Duration(result);
            if (time < TimeSpan.FromSeconds(1) && !result.Errors.Any())
                result.AddError($"'{result.Tokens[0].Value}' is too short; give a second or more.");
            return time;
        },
    };
}
