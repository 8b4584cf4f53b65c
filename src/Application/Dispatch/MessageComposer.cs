namespace FollowUp.Application.Dispatch;

/// <summary>A message that is ready to be sent.</summary>
/// <param name="Message">The record to keep once the message is accepted.</param>
internal sealed record ComposedMessage(OutgoingMessage Outgoing, Message Message)
{
    /// <summary>The thread for later mails; null for a text message.</summary>
    public MailThread? Mail => Outgoing is OutgoingEmail { MessageId: { } id } mail ? new MailThread(id, mail.Subject) : null;
}

/// <summary>Composes the message of a claimed step. A message with a missing variable is not sent.</summary>
internal sealed class MessageComposer(StepRenderer texts, ISenderIdentity sender, RenderShares shares)
{
    public async ValueTask<(ComposedMessage? Message, StepOutcome? Rejected)> Compose(
        ClaimedStep step,
        IReadOnlyList<Step> steps,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var instance = step.Instance;
        var recipient = instance.Recipient;
        var reader = new StepReader(
            instance.OwnerId,
            instance.Id,
            recipient,
            instance.Variables,
            instance.OfferId,
            step.SequenceName,
            instance.Thread
        )
        {
            Allowance = RenderAllowance.Counting(),
            UpgradesImages = step.UpgradesImages,
        };
        var rendered = await texts.Render(steps, instance.CurrentStep, reader, cancellationToken);
        // A request that executes steps itself, such as a move of a sandbox's clock, has one meter for all of them.
        if (RenderMeter.Current is null)
        {
            shares.Pay(instance.OwnerId, reader.Allowance.Cost);
        }

        if (!rendered.IsSuccess)
        {
            return (null, Rejected(rendered.ValidationErrors.First().ErrorMessage, "cannotRender"));
        }

        var text = rendered.Value;
        if (text.Missing.Count > 0)
        {
            return (null, Rejected(DispatchErrors.MissingVariables(text.Missing), DispatchErrors.MissingVariablesCode(text.Missing)));
        }

        var message = text.Subject is null
            ? new ComposedMessage(
                new OutgoingSms(step.AttemptId!.Value, instance.Id, recipient.Phone!.Value, text.Text),
                Message.Create(instance, Channel.Sms, recipient.Phone!.Value.Value, null, null, text.Text, now)
            )
            : new ComposedMessage(
                new OutgoingEmail(step.AttemptId!.Value, instance.Id, recipient.Email, recipient.Name, text.Subject, text.Html!, text.Text)
                {
                    MessageId = $"{instance.Job!.Id:N}@{sender.Domain}",
                    InReplyTo = text.Under?.MessageId,
                    UnsubscribeUrl = text.UnsubscribeUrl,
                },
                Message.Create(instance, Channel.Email, recipient.Email.Value, text.Subject, text.Html, text.Text, now)
            );
        return (message, null);
    }

    /// <summary>A step whose message cannot be sent: the provider is not called.</summary>
    /// <param name="error">One sentence about the cause; it may quote the recipient's values.</param>
    /// <param name="code">The code for the event, without values of the recipient.</param>
    public static StepOutcome.Rejected Rejected(string error, string code) => new(error, null) { Code = code };
}
