using System.Globalization;
using System.Numerics;
using MeshCanary.Controller.Metrics.Providers.Http;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MeshCanary.Controller.Metrics.Providers.Web;

/// <summary>Finds numbers by JSONPath. Newtonsoft.Json is used here alone.</summary>
internal static class JsonPath
{
    private static readonly JsonSelectSettings Settings = new() { RegexMatchTimeout = TimeSpan.FromMilliseconds(100) };

    /// <summary>What is wrong with a path, in words; null when it can be followed.</summary>
    public static string? FaultOf(string path)
    {
        try
        {
            Select(new JObject(), path);
            return null;
        }
        catch (NoAnswerException none)
        {
            return ((MetricAnswer.Fault)none.Answer).Reason;
        }
    }

    /// <summary>The numbers at a path, with the places where they are; null for a null.</summary>
    /// <exception cref="NoAnswerException">The text is no JSON, or something else than numbers is there.</exception>
    public static List<(string Path, double? Value)> Select(string json, string path)
    {
        JToken root;
        try
        {
            using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None, MaxDepth = 64 };
            root = JToken.ReadFrom(reader);
            while (reader.Read())
            {
                if (reader.TokenType != JsonToken.Comment)
                    throw new JsonReaderException("there is more after its end.");
            }
        }
        catch (Exception error) when (error is JsonException or FormatException or OverflowException)
        {
            throw NoAnswerException.Shape($"the answer is no JSON: {error.Message}");
        }

        return [.. Select(root, path).Select(node => (node.Path, Number(node)))];
    }

    private static List<JToken> Select(JToken root, string path)
    {
        try
        {
            return [.. root.SelectTokens(path, Settings)];
        }
        catch (Exception error) when (error is JsonException or ArgumentException or System.Text.RegularExpressions.RegexMatchTimeoutException or InvalidCastException or FormatException or OverflowException)
        {
            throw NoAnswerException.Of(FaultKind.BadQuery, $"'{path}' is no JSONPath that can be followed: {error.Message}");
        }
    }

    private static double? Number(JToken node) => node switch
    {
        JValue { Type: JTokenType.Null } => null,
        JValue { Value: BigInteger big } => (double)big,
        JValue { Type: JTokenType.Integer or JTokenType.Float } number => number.Value<double>(),
        // Many write numbers as texts, so that no digit is lost.
        JValue { Value: string text } when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw NoAnswerException.Shape($"at {(node.Path.Length == 0 ? "$" : node.Path)} is {(node.Type is JTokenType.Array or JTokenType.Object or JTokenType.Boolean ? node.Type.ToString().ToLowerInvariant() : "a text")} where a number is asked for. Let the path lead to the number, such as $.values[0]"),
    };
}
