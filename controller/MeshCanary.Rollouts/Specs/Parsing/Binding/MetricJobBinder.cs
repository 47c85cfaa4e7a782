using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads the Job that answers a metric.</summary>
internal static class MetricJobBinder
{
    private const string Example = "template: { spec: { template: { spec: { containers: [{ name: check, image: registry.example/check:1 }] } } } }";

    public static MetricJobSpec? Bind(Value? part, ErrorList errors)
    {
        if (FieldSet.Of(part, errors, Example) is not { } fields)
            return null;
        var template = fields.Required("template", Example);
        var deadline = Durations.Read(fields.Optional("deadline"), errors, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1), "10m");
        fields.Close();
        if (template is not { } at || !HasContainers(at, errors))
            return null;
        var defaults = new MetricJobSpec { Template = NodeJson.Write(at.Node) };
        return defaults with { Deadline = deadline ?? defaults.Deadline };
    }

    // The API server checks the rest when the Job is made; without this there is nothing to be made.
    private static bool HasContainers(Value template, ErrorList errors)
    {
        var at = template;
        foreach (var name in (string[])["spec", "template", "spec", "containers"])
        {
            if (at.Node.Kind != NodeKind.Mapping)
                break;
            var entry = at.Node.Entries.Find(entry => entry.Key.Text == name);
            if (entry.Value is null)
            {
                errors.Add(at, $"is no template of a Job: {name} is missing", $"Write it as in a CronJob's jobTemplate, such as {Example}");
                return false;
            }

            at = at.Field(name, entry.Value);
        }

        if (at.Node is { Kind: NodeKind.Sequence, Items.Count: > 0 })
            return true;
        errors.Add(at, "is no template of a Job with containers", $"Write it as in a CronJob's jobTemplate, such as {Example}");
        return false;
    }
}
