namespace FollowUp.Infrastructure.Quotas;

/// <summary>What an owner has sent on a day.</summary>
/// <param name="Taken">The number of mails.</param>
/// <param name="SinceLast">The time since the last mail; null before the first one.</param>
internal sealed record QuotaState(int Taken, TimeSpan? SinceLast);
