namespace FollowUp.Application.Instances;

/// <summary>Some instances of a walk over many.</summary>
/// <param name="Ids">Those that match.</param>
/// <param name="After">Behind which instance the walk goes on; null when it is over.</param>
public sealed record InstanceWalk(IReadOnlyList<Guid> Ids, Guid? After);
