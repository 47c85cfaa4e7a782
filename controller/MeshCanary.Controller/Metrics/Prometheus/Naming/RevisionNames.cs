using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Prometheus.Naming;

/// <summary>Tells which revision a series is of. Immutable.</summary>
internal sealed class RevisionNames
{
    private readonly RevisionLabelSpec _how;
    private readonly ImmutableSortedDictionary<string, string> _revisions;
    private readonly string? _space;

    /// <param name="how">Which label, and what it holds.</param>
    /// <param name="revisions">Revisions by what may stand in it: names, ReplicaSets, Services, or addresses.</param>
    /// <param name="space">A namespace that has to stand beside a Service's name; null for none.</param>
    public RevisionNames(RevisionLabelSpec how, ImmutableSortedDictionary<string, string> revisions, string? space) =>
        (_how, _revisions, _space) = (how, revisions, space);

    /// <summary>Whether nothing is known that a series could be told by.</summary>
    public bool IsEmpty => _revisions.IsEmpty;

    /// <summary>Whether a series belongs to one endpoint of its revision, and not to a proxy before many.</summary>
    public bool TellsEndpoints => _how.By is RevisionMark.ReplicaSet or RevisionMark.Address;

    /// <summary>The label matcher that finds the series of all revisions.</summary>
    public string Matcher
    {
        get
        {
            var any = $"({string.Join('|', _revisions.Keys.Select(PromText.Regex))})";
            return _how.By switch
            {
                RevisionMark.ReplicaSet => PromText.Matches(_how.Label, $"{any}-[a-z0-9]+"),
                RevisionMark.Service => PromText.Matches(_how.Label, $"(.*[^a-z0-9-])?{any}([^a-z0-9-].*)?"),
                _ => PromText.Matches(_how.Label, any),
            };
        }
    }

    /// <summary>The revision; null for a series of none of them.</summary>
    public string? Of(PrometheusSeries series)
    {
        var value = series.Label(_how.Label);
        return _how.By switch
        {
            RevisionMark.ReplicaSet => value.LastIndexOf('-') is > 0 and var end ? _revisions.GetValueOrDefault(value[..end]) : null,
            RevisionMark.Service => ByWord(value),
            _ => _revisions.GetValueOrDefault(value),
        };
    }

    /// <summary>The endpoint's name.</summary>
    public string EndpointOf(PrometheusSeries series) => series.Label(_how.Label);

    private string? ByWord(string value)
    {
        var words = value.Split([.. value.Where(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '-').Distinct()]);
        return _space is null || words.Contains(_space, StringComparer.Ordinal)
            ? words.Select(word => _revisions.GetValueOrDefault(word)).FirstOrDefault(revision => revision is not null)
            : null;
    }
}
