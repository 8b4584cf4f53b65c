namespace FollowUp.Application.Sandbox;

/// <summary>A sandbox's clock.</summary>
/// <param name="Now">What it shows. It stands until it is moved.</param>
/// <param name="NextDueAt">When the next step is due; null when none waits. Not later than <paramref name="Now"/> when it is due already.</param>
/// <param name="StartedAt">The real instant at which the sandbox was made, or emptied, and its clock was set.</param>
public sealed record SandboxClockView(DateTimeOffset Now, DateTimeOffset? NextDueAt, DateTimeOffset StartedAt);
