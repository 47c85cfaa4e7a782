namespace MeshCanary.Controller.Reconciling;

/// <summary>Something that a person or a pipeline asks of a Canary. It is answered once it is stored, or refused.</summary>
/// <param name="Origin">Who, and from where.</param>
internal abstract record CanaryRequest(string Origin)
{
    private readonly TaskCompletionSource<RequestAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer.</summary>
    public Task<RequestAnswer> Answered => _answer.Task;

    /// <summary>Gives the answer.</summary>
    public void Answer(RequestAnswer answer) => _answer.TrySetResult(answer);

    /// <summary>It could not be done.</summary>
    public void Fail(Exception failure) => _answer.TrySetException(failure);
}
