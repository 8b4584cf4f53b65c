namespace FollowUp.Domain.Instances;

/// <summary>The first mail that an instance sent; later mails can reply to it.</summary>
/// <param name="MessageId">The mail's <c>Message-ID</c>, without the angle brackets (RFC 5322, section 3.6.4).</param>
/// <param name="Subject">The mail's subject as it was sent.</param>
public sealed record MailThread(string MessageId, string Subject)
{
    /// <summary>The subject of a mail that replies to it.</summary>
    public string Reply => Subject.StartsWith("Re:", StringComparison.OrdinalIgnoreCase) ? Subject : $"Re: {Subject}";
}
