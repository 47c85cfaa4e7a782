using System.Text.RegularExpressions;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads what only one type of metric provider asks for.</summary>
internal static partial class ProviderPartBinder
{
    public static CloudWatchSpec? CloudWatch(Value? part, ErrorList errors)
    {
        if (FieldSet.Of(part, errors, "{ region: eu-west-1 }") is not { } fields)
            return null;
        var asked = fields.Required("region", "region: eu-west-1");
        var region = Scalars.Text(asked, errors, "eu-west-1");
        if (region is not null && !RegionForm().IsMatch(region))
        {
            errors.Add(asked!.Value, $"'{region}' is no region", "Write for example eu-west-1");
            region = null;
        }

        var period = Durations.Read(fields.Optional("period"), errors, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), "1m");
        if (period is { } span && span.Ticks % TimeSpan.TicksPerMinute != 0)
            errors.Add(fields.Optional("period")!.Value, $"'{Durations.Show(span)}' is not a number of whole minutes", "Write for example 1m or 5m");
        fields.Close();
        return region is null ? null : new CloudWatchSpec { Region = region, Period = period ?? TimeSpan.FromMinutes(1) };
    }

    public static NewRelicSpec? NewRelic(Value? part, ErrorList errors)
    {
        if (FieldSet.Of(part, errors, "{ account: 1234567 }") is not { } fields)
            return null;
        var account = Scalars.Whole(fields.Required("account", "account: 1234567"), errors, 1, int.MaxValue, "1234567");
        var field = Word(fields.Optional("field"), errors, "average.duration");
        fields.Close();
        return account is { } number ? new NewRelicSpec { Account = number, Field = field } : null;
    }

    public static InfluxDbSpec? InfluxDb(Value? part, ErrorList errors)
    {
        if (FieldSet.Of(part, errors, "{ organization: shop }") is not { } fields)
            return null;
        var written = fields.Optional("language");
        var language = Scalars.OneOf(written, errors, "flux", "influxql", "sql") ?? (written is null ? "flux" : null);
        var organization = Word(fields.Optional("organization"), errors, "shop");
        var database = Word(fields.Optional("database"), errors, "shop");
        if (language is not null)
        {
            var (needed, useless) = language == "flux" ? ("organization", "database") : ("database", "organization");
            fields.Required(needed, $"{needed}: shop");
            if (fields.Optional(useless) is { } extra)
                errors.Add(extra, $"is not asked for by {language}", language == "flux" ? "Remove it; Flux names its bucket in the query" : "Remove it");
        }

        fields.Close();
        return new InfluxDbSpec
        {
            Language = language switch { "influxql" => InfluxLanguage.InfluxQl, "sql" => InfluxLanguage.Sql, _ => InfluxLanguage.Flux },
            Organization = organization,
            Database = database,
        };
    }

    public static WebSpec? Web(Value? part, ErrorList errors)
    {
        if (FieldSet.Of(part, errors, "{ jsonPath: $.value }") is not { } fields)
            return null;
        var asked = fields.Required("jsonPath", "jsonPath: $.value");
        var path = Scalars.Text(asked, errors, "$.value");
        if (path is not null && !path.StartsWith('$'))
        {
            errors.Add(asked!.Value, $"'{path}' is no JSONPath: it has to begin with $, the whole answer", $"Write for example $.value");
            path = null;
        }

        var method = Scalars.OneOf(fields.Optional("method"), errors, "GET", "POST");
        var written = fields.Optional("contentType");
        var contentType = Scalars.Text(written, errors, "application/json");
        if (contentType is not null && !MediaType().IsMatch(contentType))
            errors.Add(written!.Value, $"'{contentType}' is no media type", "Write for example application/json");
        else if (contentType is not null && method != "POST")
            errors.Add(written!.Value, "belongs to method POST: a GET has no body", "Remove it, or write method: POST");
        fields.Close();
        if (path is null)
            return null;
        var defaults = new WebSpec { JsonPath = path, IsPost = method == "POST" };
        return defaults with { ContentType = contentType ?? defaults.ContentType };
    }

    private static string? Word(Value? value, ErrorList errors, string example)
    {
        if (Scalars.Text(value, errors, example) is not { } text)
            return null;
        if (!string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl))
            return text;
        errors.Add(value!.Value, "is empty, or holds control characters", $"Write for example {example}");
        return null;
    }

    [GeneratedRegex(@"^[a-z]{2,}(-[a-z]+)+-[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegionForm();

    [GeneratedRegex(@"^[a-zA-Z0-9!#$&^_.+-]+/[a-zA-Z0-9!#$&^_.+-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex MediaType();
}
