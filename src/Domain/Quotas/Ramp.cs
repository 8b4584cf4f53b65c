namespace FollowUp.Domain.Quotas;

/// <summary>A cap that grows, for an address that is new to mailbox providers.</summary>
/// <param name="Start">The mails of the first day, at least 1.</param>
/// <param name="PerDay">How many more each following day has, at least 1.</param>
/// <param name="Since">The first day, in the zone of the limits.</param>
public sealed record Ramp(int Start, int PerDay, DateOnly Since);
