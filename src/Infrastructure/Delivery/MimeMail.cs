using FollowUp.Application.Dispatch;
using FollowUp.Domain.Instances;
using MimeKit;

namespace FollowUp.Infrastructure.Delivery;

/// <summary>A mail as MIME, for the senders that write it out themselves.</summary>
internal static class MimeMail
{
    /// <summary>Names the try in a mail, where whoever reads it, machine or person, finds the way back to it.</summary>
    public const string AttemptHeader = "X-FollowUp-Attempt";

    /// <summary>
    /// Refuses an address that is none. Addresses are checked where they come in; here it is what stands between a corrupt row and an SMTP
    /// command or a header with a line break in it.
    /// </summary>
    public static SendResult? Refusal(OutgoingEmail mail) =>
        EmailAddress.Parse(mail.To.Value) is null
            ? new SendResult.Rejected("The recipient's address is not valid.", StopReason.Bounced, ProviderWide: false)
            : null;

    public static MimeMessage Compose(OutgoingEmail mail, EmailOptions email, DateTimeOffset now)
    {
        var attempt = mail.AttemptId.Value.ToString();
        return new MimeMessage
        {
            From = { new MailboxAddress(email.FromName, email.From) },
            To = { new MailboxAddress(mail.ToName is { } name ? OneLine.Header(name) : null, mail.To.Value) },
            Subject = OneLine.Header(mail.Subject),
            Date = now,
            // The attempt's id again, so that a bounce or an answer names it; a try that is repeated is another mail.
            MessageId = $"{attempt}@{email.From[(email.From.LastIndexOf('@') + 1)..]}",
            Headers = { { AttemptHeader, attempt } },
            Body = new MultipartAlternative
            {
                new TextPart("plain") { Text = mail.Text },
                new TextPart("html") { Text = mail.Html },
            },
        };
    }
}
