namespace MeshCanary.Controller.Workloads.Checking;

/// <summary>What keeps a Canary from being adopted: it becomes a condition, an event and what is waited for.</summary>
/// <param name="Code">In one word: the reason of the condition and of the event.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Passes">Whether it passes by itself, and nobody has to do anything.</param>
internal sealed record AdoptionProblem(string Code, string Message, bool Passes = false);
