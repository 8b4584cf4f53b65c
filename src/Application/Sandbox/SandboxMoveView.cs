namespace FollowUp.Application.Sandbox;

/// <summary>What a move of a sandbox's clock did.</summary>
/// <param name="Now">What the clock shows now.</param>
/// <param name="Target">Where it was to be moved.</param>
/// <param name="Done">Whether it is there. When not, one call was not enough for all that fell due: go on with <c>to</c> and the same target.</param>
/// <param name="Steps">How many steps were carried out.</param>
/// <param name="NextDueAt">When the next step is due; null when none waits.</param>
public sealed record SandboxMoveView(DateTimeOffset Now, DateTimeOffset Target, bool Done, int Steps, DateTimeOffset? NextDueAt);
