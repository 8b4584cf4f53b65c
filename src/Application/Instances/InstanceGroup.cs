using FollowUp.Domain.Shared;

namespace FollowUp.Application.Instances;

/// <summary>Instances that an action treats alike.</summary>
/// <param name="Status">Their status.</param>
/// <param name="IsInDoubt">Whether their step is in doubt; false where the action does not ask.</param>
/// <param name="HasRival">Whether their recipients are ACTIVE or PAUSED in the same sequence; false where the action does not ask.</param>
/// <param name="Count">How many there are.</param>
public sealed record InstanceGroup(InstanceStatus Status, bool IsInDoubt, bool HasRival, int Count);
