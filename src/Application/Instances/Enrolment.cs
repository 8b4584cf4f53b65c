using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Instances;

/// <summary>A checked enrolment.</summary>
/// <param name="Recipient">The person.</param>
/// <param name="Variables">A JSON object for the templates.</param>
/// <param name="OfferId">The offer that it is about.</param>
/// <param name="StartAt">When to start.</param>
public sealed record Enrolment(Recipient Recipient, string Variables, string? OfferId, DateTimeOffset? StartAt)
{
    /// <summary>Why the phone number could not be read and is left out; null when there is nothing to say.</summary>
    public string? PhoneWarning { get; init; }
}
