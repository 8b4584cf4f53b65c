namespace FollowUp.Application.Instances;

/// <summary>What an action would do.</summary>
/// <param name="Matching">The number of the caller's matching instances.</param>
/// <param name="Allowed">How many of them the action would change.</param>
/// <param name="Refused">The others, by error code.</param>
public sealed record InstanceActionCounts(int Matching, int Allowed, IReadOnlyList<RefusalCount> Refused);
