namespace FollowUp.Application.Instances;

/// <summary>A part of a walk over many instances.</summary>
/// <param name="After">The id after which the walk continues; null at the end.</param>
internal sealed record InstanceWalk(IReadOnlyList<Guid> Ids, Guid? After);
