namespace FollowUp.Application.Preview;

/// <summary>The instance is paused when it has come to a step, and resumed later with what remained of its wait.</summary>
/// <param name="Step">The step's index.</param>
/// <param name="For">How long: an ISO 8601 duration, at most 365 days.</param>
public sealed record PauseAssumption(int Step, string? For);
