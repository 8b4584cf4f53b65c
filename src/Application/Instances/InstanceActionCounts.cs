using FollowUp.Application.Operations;

namespace FollowUp.Application.Instances;

/// <summary>What an action would do.</summary>
/// <param name="Matching">How many of the caller's instances match.</param>
/// <param name="Allowed">How many of them the action would change.</param>
/// <param name="Refused">The others, by the refusal's code.</param>
public sealed record InstanceActionCounts(int Matching, int Allowed, IReadOnlyList<RefusalCount> Refused);
