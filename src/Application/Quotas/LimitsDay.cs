namespace FollowUp.Application.Quotas;

/// <summary>The day that limits are counted in at this moment.</summary>
/// <param name="Date">The day, in the zone of the limits.</param>
/// <param name="Mails">How many mails were counted.</param>
/// <param name="Most">How many there may be; null when any number.</param>
public sealed record LimitsDay(DateOnly Date, int Mails, int? Most);
