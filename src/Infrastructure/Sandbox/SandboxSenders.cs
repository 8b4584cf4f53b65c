using MimeKit;

namespace FollowUp.Infrastructure.Sandbox;

/// <summary>The senders of a sandbox: one for each channel, always available; none calls a provider.</summary>
internal sealed class SandboxSenders(
    NpgsqlDataSource tables,
    IOptions<EmailOptions> email,
    IOptions<TwilioOptions> twilio,
    TimeProvider time
) : IStepSenders
{
    private readonly Dictionary<Channel, IStepSender> _senders = Enum.GetValues<Channel>()
        .ToDictionary(channel => channel, channel => (IStepSender)new SandboxSender(channel, tables, email.Value, twilio.Value, time));

    public IStepSender? For(Channel channel) => _senders[channel];
}

/// <summary>Stores a message instead of sending it, in the form that SMTP would carry.</summary>
internal sealed class SandboxSender(Channel channel, NpgsqlDataSource tables, EmailOptions email, TwilioOptions twilio, TimeProvider time)
    : IStepSender
{
    /// <summary>Headers that are stored in their own columns, or that only describe the format.</summary>
    private static readonly HeaderId[] Elsewhere = [HeaderId.From, HeaderId.To, HeaderId.Subject, HeaderId.MimeVersion];

    public Channel Channel => channel;
    public string Provider => "sandbox";

    public async Task<SendResult> Send(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (message is OutgoingEmail { } refused && MimeMail.Refusal(refused) is { } refusal)
        {
            return refusal;
        }

        var id = Guid.CreateVersion7(time.GetUtcNow());
        await using var command = Insert(message, id);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new SendResult.Accepted(id.ToString());
    }

    /// <summary>Locks nothing but the inserted row. A test mail has no attempt, and therefore no instance.</summary>
    private NpgsqlCommand Insert(OutgoingMessage message, Guid id)
    {
        var command = tables.CreateCommand(
            """
            INSERT INTO sandbox_message (id, attempt_id, instance_id, sequence_id, version, step_index, channel, sender, recipient,
                                         recipient_name, subject, html, text, headers, at)
            SELECT @id, @attempt, i.id, i.sequence_id, i.version, a.step_index, @channel, @sender, @recipient,
                   @recipient_name, @subject, @html, @text, @headers, now()
            FROM (SELECT 1) one LEFT JOIN attempt a ON a.id = @attempt LEFT JOIN instance i ON i.id = a.instance_id
            """
        );
        command.Parameters.AddWithValue("id", id);
        command.Parameters.AddWithValue("attempt", message.AttemptId.Value);
        command.Parameters.AddWithValue("channel", DbEnumNames.Upper(channel));
        var (sender, recipient, name, subject, html, text, headers) = Parts(message);
        command.Parameters.AddWithValue("sender", sender);
        command.Parameters.AddWithValue("recipient", recipient);
        command.Parameters.AddWithValue("recipient_name", NpgsqlDbType.Text, (object?)name ?? DBNull.Value);
        command.Parameters.AddWithValue("subject", NpgsqlDbType.Text, (object?)subject ?? DBNull.Value);
        command.Parameters.AddWithValue("html", NpgsqlDbType.Text, (object?)html ?? DBNull.Value);
        command.Parameters.AddWithValue("text", text);
        command.Parameters.AddWithValue("headers", NpgsqlDbType.Jsonb, JsonSerializer.Serialize(headers));
        return command;
    }

    private (
        string Sender,
        string Recipient,
        string? Name,
        string? Subject,
        string? Html,
        string Text,
        Dictionary<string, string> Headers
    ) Parts(OutgoingMessage message)
    {
        switch (message)
        {
            case OutgoingEmail mail:
                using (var mime = MimeMail.Compose(mail, email, time.GetUtcNow()))
                {
                    var headers = mime
                        .Headers.Where(header => !Elsewhere.Contains(header.Id))
                        .GroupBy(header => header.Field, StringComparer.OrdinalIgnoreCase)
                        .ToDictionary(header => header.Key, header => header.First().Value);
                    return (email.From, mail.To.Value, mail.ToName, mime.Subject, mail.Html, mail.Text, headers);
                }

            case OutgoingSms sms:
                return (twilio.From.Length > 0 ? twilio.From : Provider, sms.To.Value, null, null, null, sms.Text, []);
            default:
                throw new InvalidOperationException($"Unknown message type: {message}");
        }
    }
}
