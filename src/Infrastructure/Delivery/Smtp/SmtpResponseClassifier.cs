using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace FollowUp.Infrastructure.Delivery.Smtp;

/// <summary>
/// The mapping from SMTP replies (RFC 5321) to results: 4yz is temporary, 5yz is permanent, and no reply after the mail was written is in doubt.
/// </summary>
internal static partial class SmtpResponseClassifier
{
    /// <summary>Whether a failure was caused by the server or the network rather than by a bug.</summary>
    public static bool Knows(Exception failure) =>
        failure
            is CommandException
                or ProtocolException
                or AuthenticationException
                or SslHandshakeException
                or ServiceNotConnectedException
                or ServiceNotAuthenticatedException
                or IOException
                or SocketException
                or TimeoutException
                or OperationCanceledException
                or NotSupportedException;

    /// <summary>Classifies a failure to connect. Whatever the cause, it is unrelated to the mail.</summary>
    public static SendResult NotConnected(Exception failure, bool ended)
    {
        var text = SingleLine.Error($"The SMTP server was not reached: {Why(failure, ended)}");
        return failure switch
        {
            AuthenticationException { InnerException: SmtpCommandException { StatusCode: < (SmtpStatusCode)500 } } =>
                new SendResult.Retryable(text, null, ProviderWide: true) { Code = "smtp logIn" },
            AuthenticationException => new SendResult.Rejected(text, null, ProviderWide: true) { Code = "smtp logIn" },
            NotSupportedException => new SendResult.Rejected(text, null, ProviderWide: true) { Code = "smtp notSupported" },
            _ => new SendResult.Retryable(text, null, ProviderWide: !ended) { Code = "unreachable" },
        };
    }

    /// <summary>Classifies a failure to send a mail.</summary>
    /// <param name="begun">Whether writing the mail's content had started.</param>
    /// <param name="ended">Whether the caller cancelled the call.</param>
    public static SendResult NotSent(Exception failure, string messageId, bool begun, bool ended) =>
        failure switch
        {
            SmtpCommandException answer => Refusal(answer, messageId),
            ServiceNotAuthenticatedException => new SendResult.Rejected(Said("The SMTP server", failure), null, ProviderWide: true),
            _ when begun => new SendResult.InDoubt(
                SingleLine.Error($"The SMTP server did not answer after the mail began to be written: {Why(failure, ended)}")
            ),
            _ => new SendResult.Retryable(
                SingleLine.Error($"The SMTP server broke off before the mail was written: {Why(failure, ended)}"),
                null,
                ProviderWide: !ended
            )
            {
                Code = "unreachable",
            },
        };

    private static SendResult Refusal(SmtpCommandException answer, string messageId)
    {
        var code = (int)answer.StatusCode;
        var text = Said(string.Create(CultureInfo.InvariantCulture, $"The SMTP server answered {code}"), answer);
        // At MAIL FROM the server rejects the sender's address, and therefore every mail.
        var wide = answer.ErrorCode == SmtpErrorCode.SenderNotAccepted;
        return code switch
        {
            // MailKit accepts only 250, but any 2yz reply to the content means that the mail was accepted.
            >= 200 and < 300 when answer.ErrorCode == SmtpErrorCode.MessageNotAccepted => new SendResult.Accepted(messageId),
            // The server is closing the connection.
            421 => new SendResult.Retryable(text, null, ProviderWide: true) { Code = CodeOf(code, answer) },
            >= 500 => new SendResult.Rejected(text, wide ? null : AddressAtFault(answer.Message), wide) { Code = CodeOf(code, answer) },
            _ => new SendResult.Retryable(text, null, wide) { Deferred = true, Code = CodeOf(code, answer) },
        };
    }

    /// <summary>The reply code and the enhanced status code (RFC 3463), such as <c>smtp 550 5.1.1</c>.</summary>
    private static string CodeOf(int code, SmtpCommandException answer) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"smtp {code}{(EnhancedStatus().Match(answer.Message) is { Success: true, Value: var enhanced } ? $" {enhanced}" : "")}"
        );

    /// <summary>
    /// Uses only the enhanced status code (RFC 3463): a bare 550 may also mean that the server rejects this sender, and then suppressing the
    /// recipient would be wrong.
    /// </summary>
    private static StopReason? AddressAtFault(string text) => NoSuchMailbox().IsMatch(text) ? StopReason.Bounced : null;

    private static string Said(string provider, Exception answer) => SingleLine.Error($"{provider}: {answer.Message}");

    private static string Why(Exception failure, bool ended) =>
        ended ? "the call was ended"
        : failure is OperationCanceledException or TimeoutException ? "it took too long"
        : failure.Message;

    [GeneratedRegex(@"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])", RegexOptions.CultureInvariant)]
    private static partial Regex EnhancedStatus();

    // No such mailbox, no such domain, malformed, moved without a new address, null MX (RFC 7505), disabled.
    [GeneratedRegex(@"(?<![\d.])5\.(1\.(1|2|3|6|10)|2\.1)(?![\d.])", RegexOptions.CultureInvariant)]
    private static partial Regex NoSuchMailbox();
}
