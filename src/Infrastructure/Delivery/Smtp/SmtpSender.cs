using MailKit;
using MailKit.Net.Smtp;

namespace FollowUp.Infrastructure.Delivery.Smtp;

internal sealed class SmtpSender(
    SmtpConnections connections,
    IOptions<EmailOptions> email,
    IOptions<DeliveryOptions> options,
    TimeProvider time
) : IStepSender
{
    public Channel Channel => Channel.Email;
    public string Provider => DeliverySettings.Smtp;

    public async Task<SendResult> Send(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.Value.CallTimeout);
        if (MimeMail.Refusal((OutgoingEmail)message) is { } refusal)
        {
            return refusal;
        }

        using var mail = MimeMail.Compose((OutgoingEmail)message, email.Value, time.GetUtcNow());
        SmtpClient connection;
        try
        {
            connection = await connections.Take(timeout.Token);
        }
        catch (Exception failure) when (SmtpResponseClassifier.Knows(failure))
        {
            return SmtpResponseClassifier.NotConnected(failure, cancellationToken.IsCancellationRequested);
        }

        var body = new BodyBegun();
        try
        {
            await connection.SendAsync(mail, timeout.Token, body);
            return new SendResult.Accepted(mail.MessageId!);
        }
        catch (Exception failure) when (body.Begun || SmtpResponseClassifier.Knows(failure))
        {
            return SmtpResponseClassifier.NotSent(failure, mail.MessageId!, body.Begun, cancellationToken.IsCancellationRequested);
        }
        finally
        {
            connections.GiveBack(connection);
        }
    }

    /// <summary>Records that writing the content has started: MailKit reports each chunk before the chunk leaves its buffer.</summary>
    private sealed class BodyBegun : ITransferProgress
    {
        private volatile bool _begun;

        public bool Begun => _begun;

        public void Report(long bytesTransferred, long totalSize) => _begun = true;

        public void Report(long bytesTransferred) => _begun = true;
    }
}
