namespace FollowUp.Application.Preview;

/// <summary>The waiting steps of some sequences, or an even sample of them.</summary>
/// <param name="Steps">The steps, in the order in which they are due.</param>
/// <param name="Every">One of how many was read: 1 when all were.</param>
public sealed record WaitingSteps(IReadOnlyList<WaitingStep> Steps, int Every);
