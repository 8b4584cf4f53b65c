namespace FollowUp.Application.Preview;

/// <summary>The effect of a change on one waiting step.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="From">The current due time.</param>
/// <param name="To">The new due time; null when the step would not be sent until the sequence is enabled again.</param>
/// <param name="Reasons">
/// The reasons for the new due time: what moves it from the original due time, <c>released</c>, or <c>sequenceDisabled</c>.
/// </param>
public sealed record ChangeExample(Guid InstanceId, DateTimeOffset From, DateTimeOffset? To, IReadOnlyList<string> Reasons);
