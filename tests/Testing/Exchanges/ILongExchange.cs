namespace MeshCanary.Testing.Exchanges;

/// <summary>A request that lasts. Disposing breaks it off.</summary>
public interface ILongExchange : IDisposable
{
    /// <summary>Who answers, and how it ends when it is finished.</summary>
    Reply Reply { get; }

    /// <summary>Makes sure that bytes still flow, in order and unaltered.</summary>
    Task CheckAsync(CancellationToken cancellation = default);

    /// <summary>Ends it as its protocol does, and makes sure that the other side did so too. A download is ended by its version first.</summary>
    Task FinishAsync(CancellationToken cancellation = default);
}
