using System.Text.RegularExpressions;
using MeshCanary.Controller.Metrics.Prometheus.Asking;

namespace MeshCanary.Controller.Metrics.Prometheus.Naming;

/// <summary>Values of a label. A series without the label does not match.</summary>
internal sealed class LabelPattern(string label, string regex)
{
    private readonly Regex _regex = new($"^(?:{regex})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>Whether a series has such a value.</summary>
    public bool Matches(PrometheusSeries series) => series.Label(label) is { Length: > 0 } value && _regex.IsMatch(value);
}
