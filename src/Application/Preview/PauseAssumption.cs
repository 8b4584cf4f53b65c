namespace FollowUp.Application.Preview;

/// <summary>Assumes that the instance is paused at a step and resumed later with the remaining wait.</summary>
/// <param name="Step">The step's index.</param>
/// <param name="For">The duration: an ISO 8601 duration of at most 365 days.</param>
public sealed record PauseAssumption(int Step, string? For);
