using System.Globalization;

namespace FollowUp.Domain.Quotas;

/// <summary>The errors of the operator's ceilings.</summary>
public static class CeilingErrors
{
    /// <summary>The owner has reached the operator's limit of mails per day.</summary>
    /// <param name="until">The start of the next UTC day.</param>
    public static Result MailsPerDay(DateTimeOffset until)
    {
        var instant = until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return Error.Conflict(
            "ceilingReached",
            $"The operator's limit of mails per day (Ceilings:MailsPerDay) is reached. It is reset at {instant}.",
            ("until", instant)
        );
    }
}
