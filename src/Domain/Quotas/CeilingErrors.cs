using System.Globalization;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Quotas;

/// <summary>Refusals by the operator's ceilings, each named once.</summary>
public static class CeilingErrors
{
    /// <summary>The owner has sent as many mails today as the operator allows.</summary>
    /// <param name="until">When the next UTC day begins.</param>
    public static ConflictError MailsPerDay(DateTimeOffset until)
    {
        var instant = until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new(
            "ceilingReached",
            $"The operator's limit of mails a day (Ceilings:MailsPerDay) is reached; there is room again at {instant}.",
            ("until", instant)
        );
    }
}
