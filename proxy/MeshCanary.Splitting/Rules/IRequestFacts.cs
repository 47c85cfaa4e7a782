namespace MeshCanary.Splitting.Rules;

/// <summary>What a rule may ask of a request. Implement it as a struct: the call is generic, so nothing is boxed.</summary>
public interface IRequestFacts
{
    /// <summary>The decoded path, starting with a slash.</summary>
    string Path { get; }

    /// <summary>The method, such as <c>GET</c>.</summary>
    string Method { get; }

    /// <summary>Finds the first value of a header, cookie or query parameter.</summary>
    /// <param name="part">Neither <see cref="RequestPart.Path"/> nor <see cref="RequestPart.Method"/>.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The value, or null when it is absent.</returns>
    string? Find(RequestPart part, string name);
}
