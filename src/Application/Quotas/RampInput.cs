namespace FollowUp.Application.Quotas;

/// <summary>A daily cap that grows.</summary>
/// <param name="Start">The cap of the first day.</param>
/// <param name="PerDay">The daily increase.</param>
/// <param name="Since">The first day. If absent: the first day of the current ramp when it has the same numbers, otherwise today.</param>
public sealed record RampInput(int? Start, int? PerDay, DateOnly? Since = null);
