namespace FollowUp.Application.Delivery;

/// <summary>Renders steps. Shared by the worker, the preview and test mails.</summary>
internal sealed class StepRenderer(ITemplateRenderer templates, ISenderIdentity sender, IUnsubscribeLinks links)
{
    /// <returns>The text, possibly with missing values; or an error in one sentence.</returns>
    public async ValueTask<Result<RenderedStep>> Render(
        IReadOnlyList<Step> steps,
        StepIndex index,
        StepReader reader,
        CancellationToken cancellationToken
    )
    {
        var model = Model(steps, index, reader);
        switch (steps[index.Value])
        {
            case SmsStep sms:
                return templates
                    .RenderSms(sms.Message, model)
                    .Map(text => new RenderedStep(null, null, StorableText.Of(text.Text)) { Missing = text.Missing });
            case EmailStep email:
                var url = await links.For(reader, cancellationToken);
                return Mail(Draft(steps, index, email, reader), reader, model with { UnsubscribeUrl = url });
            case var other:
                throw new InvalidOperationException($"A step of this type says nothing: {other.Type}");
        }
    }

    /// <summary>Renders only the subject of an EMAIL, for a reply to it.</summary>
    /// <returns>The subject with an empty body; or an error in one sentence.</returns>
    public async ValueTask<Result<RenderedStep>> RenderSubject(
        IReadOnlyList<Step> steps,
        StepIndex index,
        StepReader reader,
        CancellationToken cancellationToken
    )
    {
        var model = Model(steps, index, reader) with { UnsubscribeUrl = await links.For(reader, cancellationToken) };
        return Mail(Draft(steps, index, (EmailStep)steps[index.Value], reader) with { Body = "" }, reader, model);
    }

    private TemplateModel Model(IReadOnlyList<Step> steps, StepIndex index, StepReader reader) =>
        new(reader.Recipient, reader.Variables, reader.OfferId, reader.SequenceName)
        {
            StepNumber = index.Value + 1,
            StepCount = steps.Count,
            SenderEmail = sender.Email,
            SenderName = sender.Name ?? sender.Email,
            Allowance = reader.Allowance,
            UpgradesImages = reader.UpgradesImages,
        };

    private static MailDraft Draft(IReadOnlyList<Step> steps, StepIndex index, EmailStep email, StepReader reader)
    {
        var variant = (reader.Variant is { } name ? email.Variants.Named(name) : null) ?? steps.VariantFor(index, reader.Instance.Value);
        return MailDraft.Of(steps, index, variant, reader.Thread is not null);
    }

    private Result<RenderedStep> Mail(MailDraft draft, StepReader reader, TemplateModel model) =>
        templates
            .RenderEmail(draft.Subject, draft.Body, model)
            .Map(mail => new RenderedStep(
                StorableText.Of(draft.Subject is null ? reader.Thread!.Reply : mail.Subject),
                StorableText.Of(mail.Html),
                StorableText.Of(mail.Text)
            )
            {
                Variant = draft.Variant,
                Under = draft.IsThreaded ? reader.Thread : null,
                UnsubscribeUrl = model.UnsubscribeUrl,
                Missing = mail.Missing,
                Removed = mail.Removed,
            });
}
