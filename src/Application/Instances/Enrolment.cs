namespace FollowUp.Application.Instances;

/// <summary>A validated enrolment.</summary>
/// <param name="Variables">A JSON object for the templates.</param>
public sealed record Enrolment(Recipient Recipient, string Variables, string? OfferId, DateTimeOffset? StartAt)
{
    /// <summary>Why the phone number is unreadable and ignored; null when it is not.</summary>
    public string? PhoneWarning { get; init; }
}
