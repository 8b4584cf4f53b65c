using System.Globalization;
using MimeKit;

namespace FollowUp.Infrastructure.Delivery.Drop;

/// <summary>Writes each mail as an <c>.eml</c> file instead of sending it, for development and inspection.</summary>
internal sealed class DropSender(IOptions<EmailOptions> email, TimeProvider time) : IStepSender
{
    public Channel Channel => Channel.Email;
    public string Provider => DeliverySettings.Drop;

    public async Task<SendResult> Send(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (MimeMail.Refusal((OutgoingEmail)message) is { } refusal)
        {
            return refusal;
        }

        var now = time.GetUtcNow();
        // File names sort by time.
        var name = string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd'T'HHmmss'.'ffffff'Z'}-{message.AttemptId.Value}.eml");
        try
        {
            using var mail = MimeMail.Compose((OutgoingEmail)message, email.Value, now);
            mail.Prepare(EncodingConstraint.EightBit, maxLineLength: 998);
            await Write(mail, email.Value.DropPath, name, cancellationToken);
            return new SendResult.Accepted(name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new SendResult.Retryable(
                SingleLine.Error($"The drop folder cannot be written: {failure.Message}"),
                null,
                ProviderWide: true
            );
        }
        catch (OperationCanceledException)
        {
            return new SendResult.Retryable("The call was ended before the mail was in the drop folder.", null, ProviderWide: false);
        }
    }

    /// <summary>
    /// Writes under a temporary name first: a program that watches the folder sees only complete mails, and a crash leaves no incomplete mail behind.
    /// Does not follow a link at the target path.
    /// </summary>
    private static async Task Write(MimeMessage mail, string folder, string name, CancellationToken cancellationToken)
    {
        // Mails are personal data, so only the program's own user may read them. An existing folder keeps its mode.
        PrivateFiles.CreateFolder(folder);
        var unfinished = Path.Combine(folder, $".{name}.tmp");
        try
        {
            await using (var file = PrivateFiles.Create(unfinished))
            {
                await mail.WriteToAsync(file, cancellationToken);
            }

            File.Move(unfinished, Path.Combine(folder, name));
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}
