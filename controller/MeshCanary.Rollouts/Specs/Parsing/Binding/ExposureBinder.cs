using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads what bounds a new version's effect: <c>mirror</c>, <c>exposure</c> and <c>circuit</c> of <c>spec.strategy</c>.</summary>
internal static class ExposureBinder
{
    private const long Most = 1_000_000_000_000;
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    public static MirrorSpec? Mirror(Value? mirror, ErrorList errors)
    {
        var fields = FieldSet.Of(mirror, errors, "mirror: { share: 10% }");
        if (fields is null)
            return null;
        var share = Scalars.Percent(fields.Required("share", "share: 10%"), errors, 0.01m, 100m, "10%");
        var concurrent = Scalars.Whole(fields.Optional("maxConcurrent"), errors, 1, 10_000, "64");
        var body = Sizes.Read(fields.Optional("maxBody"), errors, 1, 16 * 1024 * 1024, "64KiB");
        var timeout = Durations.Read(fields.Optional("timeout"), errors, TimeSpan.FromMilliseconds(10), LongestTimeout, "10s");
        fields.Close();
        if (share is not { } part)
            return null;
        var defaults = new MirrorSpec { Share = new BasisPoints((int)Math.Round(part * BasisPoints.Whole)) };
        return defaults with
        {
            MaxConcurrent = (int)(concurrent ?? defaults.MaxConcurrent),
            MaxBody = (int)(body ?? defaults.MaxBody),
            Timeout = timeout ?? defaults.Timeout,
        };
    }

    public static ExposureSpec? Exposure(Value? exposure, ErrorList errors)
    {
        var fields = FieldSet.Of(exposure, errors, "exposure: { maxRequests: 100000, maxFailures: 50 }");
        if (fields is null)
            return null;
        var requests = fields.Optional("maxRequests");
        var failures = fields.Optional("maxFailures");
        var spec = new ExposureSpec
        {
            MaxRequests = Scalars.Whole(requests, errors, 1, Most, "100000"),
            MaxFailures = Scalars.Whole(failures, errors, 1, Most, "50"),
        };
        fields.Close();
        if (requests is null && failures is null)
            errors.Add(fields.At, "limits nothing", "Give maxRequests, maxFailures or both, or remove it");
        return spec;
    }

    /// <summary>The circuit; on unless it says <c>off</c>.</summary>
    public static CircuitSpec? Circuit(Value? circuit, ErrorList errors)
    {
        var defaults = new CircuitSpec();
        if (circuit is null or { Node: { Kind: NodeKind.Scalar, Text: "on" } or { IsBoolean: true, Text: "true" } })
            return defaults;
        if (circuit is { Node: { Kind: NodeKind.Scalar, Text: "off" } or { IsBoolean: true, Text: "false" } })
            return null;
        var fields = FieldSet.Of(circuit, errors, "circuit: { failures: 10, failurePercent: 50% }, on or off");
        if (fields is null)
            return defaults;
        var failures = Scalars.Whole(fields.Optional("failures"), errors, 1, 10_000, "10");
        var percent = Percents.Whole(fields.Optional("failurePercent"), errors, 1, 100, "50%");
        var window = Durations.Read(fields.Optional("window"), errors, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), "1s");
        var pause = Durations.Read(fields.Optional("pause"), errors, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), "10s");
        fields.Close();
        return new CircuitSpec
        {
            Failures = (int)(failures ?? defaults.Failures),
            FailurePercent = percent ?? defaults.FailurePercent,
            Window = window ?? defaults.Window,
            Pause = pause ?? defaults.Pause,
        };
    }
}
