namespace FollowUp.Domain.Instances;

/// <summary>The first mail that an instance sent: later ones can go under it.</summary>
/// <param name="MessageId">Its <c>Message-ID</c>, without the angle brackets (RFC 5322, section 3.6.4).</param>
/// <param name="Subject">Its subject, as it was sent.</param>
public sealed record MailThread(string MessageId, string Subject)
{
    /// <summary>The subject of a mail that goes under it.</summary>
    public string Reply => Subject.StartsWith("Re:", StringComparison.OrdinalIgnoreCase) ? Subject : $"Re: {Subject}";
}
