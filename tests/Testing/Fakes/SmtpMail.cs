using MimeKit;

namespace FollowUp.Testing.Fakes;

/// <summary>A mail that <see cref="FakeSmtp"/> accepted.</summary>
public sealed record SmtpMail(string From, IReadOnlyList<string> To, string? User, byte[] Raw, DateTimeOffset At)
{
    /// <summary>The parsed mail.</summary>
    public MimeMessage Message() => MimeMessage.Load(new MemoryStream(Raw));
}
