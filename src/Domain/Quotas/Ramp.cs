namespace FollowUp.Domain.Quotas;

/// <summary>A daily cap that grows, to warm up a sender address that mailbox providers do not know yet.</summary>
/// <param name="Start">The cap of the first day, at least 1.</param>
/// <param name="PerDay">The daily increase, at least 1.</param>
/// <param name="Since">The first day, in the time zone of the limits.</param>
public sealed record Ramp(int Start, int PerDay, DateOnly Since);
