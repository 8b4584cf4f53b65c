using FollowUp.Domain.Accounts;

namespace FollowUp.Application.Quotas;

/// <summary>The operator's ceiling on an owner's mails a day (<c>Ceilings:MailsPerDay</c>), for mails that are not steps.</summary>
public interface IMailCeiling
{
    /// <summary>Counts a mail that is about to be sent.</summary>
    /// <param name="owner">The owner it counts for.</param>
    /// <param name="now">The present instant.</param>
    /// <returns>Null when the mail may be sent, otherwise the instant from which there is room again.</returns>
    Task<DateTimeOffset?> Take(OwnerId owner, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives back what was counted for a mail that was certainly not sent. If the database does not answer, it stays counted.</summary>
    /// <param name="owner">The owner it was counted for.</param>
    /// <param name="takenAt">When it was counted: the count of that day is reduced.</param>
    Task GiveBack(OwnerId owner, DateTimeOffset takenAt, CancellationToken cancellationToken);
}
