namespace FollowUp.Application.Quotas;

/// <summary>The current day of the limits.</summary>
/// <param name="Date">The day, in the time zone of the limits.</param>
/// <param name="Mails">The number of counted mails.</param>
/// <param name="Most">The cap for the day; null when unlimited.</param>
public sealed record LimitsDay(DateOnly Date, int Mails, int? Most);
