using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.router.gatewayApi</c>.</summary>
internal static class GatewayApiBinder
{
    public const string Name = "gatewayApi";

    /// <summary>The parameters; the defaults where nothing is written.</summary>
    public static GatewayApiSpec Bind(Value? given, ErrorList errors)
    {
        var defaults = new GatewayApiSpec();
        var fields = FieldSet.Of(given, errors, "gatewayApi: { propagation: 5s }");
        if (fields is null)
            return defaults;
        var propagation = Durations.Read(fields.Optional("propagation"), errors, TimeSpan.Zero, MeshRefusals.LongestPropagation, "5s");
        fields.Close();
        return defaults with { Propagation = propagation ?? defaults.Propagation };
    }

    /// <summary>Says what this router cannot do of what the rest of the spec asks for.</summary>
    /// <param name="spec">The fields of <c>spec</c>.</param>
    /// <param name="errors">Where it is said.</param>
    public static void Check(Value spec, ErrorList errors) => MeshRefusals.Check(Name, spec, errors);
}
