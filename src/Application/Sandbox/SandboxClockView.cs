namespace FollowUp.Application.Sandbox;

/// <summary>The clock of a sandbox.</summary>
/// <param name="Now">The time of the clock, which moves only on request.</param>
/// <param name="NextDueAt">When the next step is due; null when there is none. Not later than <paramref name="Now"/> when it is already due.</param>
/// <param name="StartedAt">When the sandbox was created or last emptied, in real time.</param>
public sealed record SandboxClockView(DateTimeOffset Now, DateTimeOffset? NextDueAt, DateTimeOffset StartedAt);
