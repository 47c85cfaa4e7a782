using System.Text.RegularExpressions;
using MeshCanary.Splitting.Rules;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>Says conditions as the Gateway API can: exactly, or by a regular expression for the whole value.</summary>
internal static class RequestPatterns
{
    /// <summary>A condition on one value, as type and value.</summary>
    public static (string Type, string Value) Value(MatchCondition condition) => condition.Operator switch
    {
        MatchOperator.Exact => ("Exact", condition.Value),
        MatchOperator.Prefix => ("RegularExpression", Anchored(Regex.Escape(condition.Value) + ".*")),
        // Not .*, which some data planes find in a header that is not there.
        MatchOperator.Present => ("RegularExpression", ".+"),
        _ => ("RegularExpression", Anchored(condition.Value)),
    };

    /// <summary>A condition on a cookie, as an expression for the whole header.</summary>
    public static string Cookie(MatchCondition condition)
    {
        var value = condition.Operator switch
        {
            MatchOperator.Exact => Regex.Escape(condition.Value),
            MatchOperator.Prefix => Regex.Escape(condition.Value) + "[^;]*",
            MatchOperator.Present => "[^;]*",
            _ => $"(?:{condition.Value})",
        };
        return $"^(?:.*;[ ]*)?{Regex.Escape(condition.Name)}={value}(?:;.*)?$";
    }

    /// <summary>An expression that is for the whole of a value, whether the data plane searches or compares.</summary>
    public static string Anchored(string expression) => $"^(?:{expression})$";
}
