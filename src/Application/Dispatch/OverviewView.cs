namespace FollowUp.Application.Dispatch;

/// <summary>The user's present situation, at most two seconds old.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Attention">The instances that wait for a user.</param>
/// <param name="Sent">The messages that were sent lately.</param>
/// <param name="Lag">How late steps were claimed in the last five minutes.</param>
/// <param name="OldestDueSeconds">How long the oldest due step has waited, in seconds; null when none is due.</param>
/// <param name="NextDueAt">When the next step comes due; null when none is scheduled.</param>
/// <param name="Breakers">The circuit breakers of the channels.</param>
public sealed record OverviewView(
    DateTimeOffset At,
    AttentionCounts Attention,
    SentCounts Sent,
    LagView Lag,
    double? OldestDueSeconds,
    DateTimeOffset? NextDueAt,
    IReadOnlyList<ChannelState> Breakers
);

/// <summary>The instances that wait for a user, at most 10,000 of each kind.</summary>
/// <param name="Failed">Instances whose step failed.</param>
/// <param name="InDoubt">Instances whose step may or may not have been sent.</param>
/// <param name="Late">Instances whose step is too late to be sent without a confirmation.</param>
public sealed record AttentionCounts(int Failed, int InDoubt, int Late);

/// <summary>
/// The user's messages that providers accepted, in periods that end now, within ten seconds. Counted up to ten seconds after they were sent.
/// </summary>
/// <param name="LastMinute">In the last minute.</param>
/// <param name="LastHour">In the last hour.</param>
/// <param name="LastDay">In the last 24 hours.</param>
public sealed record SentCounts(long LastMinute, long LastHour, long LastDay);

/// <summary>The time from the due time of steps to their claim, for all users and nodes, within 13 %.</summary>
/// <param name="P50Ms">The median in milliseconds; null when no step was claimed.</param>
/// <param name="P99Ms">The 99th percentile in milliseconds; null when no step was claimed.</param>
public sealed record LagView(double? P50Ms, double? P99Ms);

/// <summary>The state of a channel.</summary>
/// <param name="Channel"><c>EMAIL</c> or <c>SMS</c>.</param>
/// <param name="State">
/// <c>closed</c> (sending), <c>open</c> (the provider is down) or <c>recovering</c> (the backlog of an outage is sent).
/// </param>
/// <param name="Cause">What the provider or the network answered; null unless the provider is down.</param>
/// <param name="ProbeAt">When the provider is tried next; null unless it is down.</param>
public sealed record ChannelState(
    [property: OneOf("EMAIL", "SMS")] string Channel,
    [property: OneOf("closed", "open", "recovering")] string State,
    string? Cause,
    DateTimeOffset? ProbeAt
);
