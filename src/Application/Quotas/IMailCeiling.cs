namespace FollowUp.Application.Quotas;

/// <summary>The operator's ceiling on an owner's mails per day (<c>Ceilings:MailsPerDay</c>), for mails that are not steps.</summary>
internal interface IMailCeiling
{
    /// <summary>Counts a mail that is about to be sent.</summary>
    /// <returns>Null when the mail may be sent, otherwise when the ceiling is reset.</returns>
    Task<DateTimeOffset?> Take(OwnerId owner, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives back what was counted for a mail that was certainly not sent. If the database is unreachable, it stays counted.</summary>
    /// <param name="takenAt">When it was counted; determines the day whose count is reduced.</param>
    Task GiveBack(OwnerId owner, DateTimeOffset takenAt, CancellationToken cancellationToken);
}
