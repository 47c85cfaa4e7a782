using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.strategy.stickiness</c>.</summary>
internal static class StickinessBinder
{
    // Browsers keep no cookie for longer.
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(400);

    public static StickinessSpec? Bind(Value? stickiness, ErrorList errors)
    {
        if (stickiness is { Node: { Kind: NodeKind.Scalar, Text: "none" } })
            return null;
        var fields = FieldSet.Of(stickiness, errors, "stickiness: { cookie: mc-user }, { header: x-user } or none");
        if (fields is null)
            return null;
        var (givenCookie, givenHeader) = (fields.Optional("cookie"), fields.Optional("header"));
        var cookie = Names.Token(givenCookie, errors, "mc-user");
        var header = Names.Token(givenHeader, errors, "x-user");
        var (givenSigned, givenLifetime) = (fields.Optional("signed"), fields.Optional("lifetime"));
        var signed = Scalars.OneOf(givenSigned, errors, "true", "false") == "true";
        var lifetime = Durations.Read(givenLifetime, errors, TimeSpan.FromMinutes(1), LongestLife, "720h");
        fields.Close();
        if (givenCookie is null == givenHeader is null)
            errors.Add(fields.At, givenCookie is null ? "names neither a cookie nor a header" : "names a cookie and a header", "Write one of them: { cookie: mc-user } or { header: x-user }");
        else if (givenHeader is not null && (givenSigned ?? givenLifetime) is { } ofCookie)
            errors.Add(ofCookie, "belongs to a cookie: a header is the client's own", "Remove it, or write a cookie in place of the header");
        return cookie is null == header is null ? null : new StickinessSpec(cookie, header) { IsSigned = signed, Lifetime = lifetime };
    }
}
