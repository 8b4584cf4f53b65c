namespace FollowUp.Application.Preview;

/// <summary>What a change would do to one waiting step.</summary>
/// <param name="InstanceId">Its instance.</param>
/// <param name="From">When it is due now.</param>
/// <param name="To">When it would be due; null when it would not go out until the sequence is enabled again.</param>
/// <param name="Reasons">Why it would be due then: what moves it from the instant at which it was wanted, <c>released</c>, or <c>sequenceDisabled</c>.</param>
public sealed record ChangeExample(Guid InstanceId, DateTimeOffset From, DateTimeOffset? To, IReadOnlyList<string> Reasons);
