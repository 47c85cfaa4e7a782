namespace MeshCanary.Splitting.Rules;

/// <summary>How a condition compares.</summary>
public enum MatchOperator
{
    /// <summary>The value is the same, ordinal.</summary>
    Exact,

    /// <summary>The value starts so, ordinal; a path prefix ends at a segment boundary.</summary>
    Prefix,

    /// <summary>The part is there, whatever its value.</summary>
    Present,

    /// <summary>The whole value matches a regular expression, in linear time; see <see cref="MatchPattern"/>.</summary>
    Regex,
}
