namespace FollowUp.Application.Instances;

/// <summary>Instances that an action treats the same.</summary>
/// <param name="IsInDoubt">Whether their step is in doubt; false when the action does not depend on it.</param>
/// <param name="HasRival">
/// Whether their recipients are ACTIVE or PAUSED in the same sequence through other instances; false when the action does not depend on it.
/// </param>
internal sealed record InstanceGroup(InstanceStatus Status, bool IsInDoubt, bool HasRival, int Count);
