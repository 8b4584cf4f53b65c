namespace FollowUp.Application.Quotas;

/// <summary>Stores the limits of owners and what they are compared with.</summary>
internal interface ILimits
{
    /// <summary>An owner's limits, <see cref="Limits.None"/> when none are set, and the owner's counted mails.</summary>
    Task<(Limits Limits, SendCount Sent)> Get(OwnerId owner, CancellationToken cancellationToken);

    Task Set(OwnerId owner, Limits limits, CancellationToken cancellationToken);

    /// <summary>The number of mails that an owner has sent or is sending to an address on a day in the time zone of the limits.</summary>
    Task<int> TakenBy(OwnerId owner, EmailAddress recipient, DateOnly day, CancellationToken cancellationToken);

    /// <summary>The number of an owner's follow-ups that are due, or being sent without a slot yet. They have priority over first mails.</summary>
    Task<int> FollowUpsDue(OwnerId owner, CancellationToken cancellationToken);
}
