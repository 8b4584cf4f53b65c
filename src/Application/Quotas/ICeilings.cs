namespace FollowUp.Application.Quotas;

/// <summary>The operator's ceilings (<c>Ceilings:*</c>) for predictions. Days are in UTC.</summary>
internal interface ICeilings
{
    /// <summary>The maximum number of messages per owner and day; null when there is no ceiling.</summary>
    int? PerDay(Channel channel);

    /// <summary>The number of an owner's messages that count against the ceiling on a day; 0 for days without any.</summary>
    Task<int> Taken(OwnerId owner, Channel channel, DateOnly day, CancellationToken cancellationToken);

    /// <summary>Whether the operator forbids text messages to a number's country.</summary>
    /// <param name="number">The number; null for a recipient without one.</param>
    bool Forbids(PhoneNumber? number);
}
