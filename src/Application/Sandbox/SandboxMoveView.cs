namespace FollowUp.Application.Sandbox;

/// <summary>The result of moving a sandbox's clock.</summary>
/// <param name="Now">The time of the clock.</param>
/// <param name="Target">The target of the move.</param>
/// <param name="Done">
/// Whether the target was reached. If not, one call was not enough for all due steps: repeat it with <c>to</c> set to the target.
/// </param>
/// <param name="Steps">The number of executed steps.</param>
/// <param name="NextDueAt">When the next step is due; null when there is none.</param>
public sealed record SandboxMoveView(DateTimeOffset Now, DateTimeOffset Target, bool Done, int Steps, DateTimeOffset? NextDueAt);
