namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>One question as it was asked.</summary>
/// <param name="Arm"><c>canary</c> or <c>stable</c>.</param>
/// <param name="Query">The query, with its variables filled in.</param>
/// <param name="Answer">The answer in a few words: a number, how many series, or why there is none.</param>
public sealed record AskedQuestion(string Arm, string Query, string Answer);
