namespace FollowUp.Infrastructure.Dispatch;

/// <summary>How long figures for the console are kept. A sandbox keeps none.</summary>
internal sealed record FeedLifetimes(TimeSpan Overview, TimeSpan Forecast);
