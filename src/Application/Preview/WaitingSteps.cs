namespace FollowUp.Application.Preview;

/// <summary>The waiting steps of some sequences, or an even sample of them.</summary>
/// <param name="Steps">The steps in order of their due times.</param>
/// <param name="Every">The sampling interval: 1 when all steps were read.</param>
internal sealed record WaitingSteps(IReadOnlyList<WaitingStep> Steps, int Every);
