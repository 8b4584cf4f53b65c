using MimeKit;

namespace FollowUp.Infrastructure.Delivery;

/// <summary>A mail as MIME, for the senders that write it themselves.</summary>
internal static class MimeMail
{
    /// <summary>Contains the attempt's id, so that a bounce, a reply or a reader of the mail leads back to the attempt.</summary>
    public const string AttemptHeader = "X-FollowUp-Attempt";

    /// <summary>Marks a test mail.</summary>
    public const string TestHeader = "X-FollowUp-Test";

    /// <summary>
    /// Rejects an invalid address. Addresses are validated on input; this check prevents a corrupt row from putting a line break into an SMTP command
    /// or a header.
    /// </summary>
    public static SendResult? Refusal(OutgoingEmail mail) =>
        EmailAddress.Parse(mail.To.Value) is null
            ? new SendResult.Rejected("The recipient's address is not valid.", StopReason.Bounced, ProviderWide: false)
            : null;

    public static MimeMessage Compose(OutgoingEmail mail, EmailOptions email, DateTimeOffset now)
    {
        var attempt = mail.AttemptId.Value.ToString();
        var message = new MimeMessage
        {
            From = { new MailboxAddress(email.FromName, email.From) },
            To = { new MailboxAddress(mail.ToName is { } toName ? SingleLine.Header(toName) : null, mail.To.Value) },
            Subject = SingleLine.Header(mail.Subject),
            Date = now,
            MessageId = mail.MessageId ?? $"{attempt}@{email.From[(email.From.LastIndexOf('@') + 1)..]}",
            Body = new MultipartAlternative
            {
                new TextPart("plain") { Text = mail.Text },
                new TextPart("html") { Text = mail.Html },
            },
        };
        EncodeWords(message);
        foreach (var (name, value) in Headers(mail))
        {
            // Written unchanged on one line: some receivers do not understand a folded List-Unsubscribe.
            message.Headers.Add(Raw(name, value));
        }

        // The attempt's id, so that a bounce or a reply refers to it; a test mail has no attempt.
        if (!mail.IsTest)
        {
            message.Headers.Add(AttemptHeader, attempt);
        }

        return message;
    }

    /// <summary>MimeKit creates encoded words of up to 84 characters from long words; the limit is 75 (RFC 2047, section 2).</summary>
    private static void EncodeWords(MimeMessage message)
    {
        if (message.Subject is { } subject && !Ascii.IsValid(subject))
        {
            message.Headers.Replace(Raw("Subject", HeaderText.Encode(subject, "Subject: ".Length)));
        }

        Encode("From", message.From.Mailboxes.Single());
        Encode("To", message.To.Mailboxes.Single());

        void Encode(string header, MailboxAddress mailbox)
        {
            if (mailbox.Name is { } name && !Ascii.IsValid(name))
            {
                message.Headers.Replace(Raw(header, $"{HeaderText.Encode(name, header.Length + 2)}\r\n <{mailbox.Address}>"));
            }
        }
    }

    private static Header Raw(string name, string value)
    {
        var header = new Header(name, "");
        header.SetRawValue(Encoding.ASCII.GetBytes($" {value}\r\n"));
        return header;
    }

    /// <summary>The headers that every sender adds to those that it writes itself.</summary>
    public static IEnumerable<(string Name, string Value)> Headers(OutgoingEmail mail)
    {
        if (mail.InReplyTo is { } first)
        {
            yield return ("In-Reply-To", $"<{first}>");
            yield return ("References", $"<{first}>");
        }

        if (mail.UnsubscribeUrl is { } url)
        {
            // RFC 8058: one https URL, and a List-Unsubscribe-Post header that promises that a POST works without a confirmation page.
            yield return ("List-Unsubscribe", $"<{url}>");
            yield return ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }

        if (mail.IsTest)
        {
            yield return (TestHeader, "true");
        }
    }
}
