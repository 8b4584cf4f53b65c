using Ardalis.Result;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;

namespace FollowUp.Application.Dispatch;

/// <summary>Whom mails come from.</summary>
public interface ISenderIdentity
{
    /// <summary>The address in <c>From</c>.</summary>
    string Email { get; }

    /// <summary>The name in <c>From</c>, or null.</summary>
    string? Name { get; }

    /// <summary>The domain of the address, which makes our message ids unique in the world.</summary>
    string Domain { get; }
}

/// <summary>For whom a step is rendered.</summary>
/// <param name="Owner">The user whose sequence it is.</param>
/// <param name="Instance">The instance; for a preview an id that nothing has.</param>
/// <param name="Recipient">The person.</param>
/// <param name="Variables">A JSON object for the templates.</param>
/// <param name="OfferId">The offer that it is about, or null.</param>
/// <param name="SequenceName">The sequence's name.</param>
/// <param name="Thread">The first mail that the person got; null before it.</param>
public sealed record StepReader(
    OwnerId Owner,
    InstanceId Instance,
    Recipient Recipient,
    string Variables,
    string? OfferId,
    string SequenceName,
    MailThread? Thread
)
{
    /// <summary>Whether this is a preview or a test: the link in it then unsubscribes nobody.</summary>
    public bool IsTrial { get; init; }

    /// <summary>The variant to take where a step has one of that name; null leaves the choice to the ids.</summary>
    public string? Variant { get; init; }

    /// <summary>Whether addresses of images by <c>http:</c> are written as <c>https:</c>.</summary>
    public bool UpgradesImages { get; init; }

    /// <summary>What this rendering shares with others of the same request; null when it stands alone.</summary>
    public RenderAllowance? Allowance { get; init; }
}

/// <summary>What a step says to somebody.</summary>
/// <param name="Subject">A mail's subject; null for a text message.</param>
/// <param name="Html">A mail's HTML part; null for a text message.</param>
/// <param name="Text">The plain text.</param>
public sealed record StepText(string? Subject, string? Html, string Text)
{
    /// <summary>The variant that was chosen; null when the step has none.</summary>
    public string? Variant { get; init; }

    /// <summary>The mail that this one goes under; null when it begins a conversation of its own.</summary>
    public MailThread? Under { get; init; }

    /// <summary>Where its reader can unsubscribe; null for a text message, and where no public address is set.</summary>
    public string? UnsubscribeUrl { get; init; }

    /// <summary>The variables that were written out and have neither a value nor a default. Such a message must not go out.</summary>
    public IReadOnlyCollection<string> Missing { get; init; } = [];

    /// <summary>What went from the HTML.</summary>
    public IReadOnlyList<RemovedPart> Removed { get; init; } = [];
}

/// <summary>Renders what steps say: the one place that the worker, the preview and a test mail share.</summary>
public sealed class StepTexts(ITemplateRenderer templates, ISenderIdentity sender, IUnsubscribeLinks links)
{
    /// <summary>Renders a step that sends something.</summary>
    /// <param name="steps">All steps of the sequence.</param>
    /// <param name="index">Which step.</param>
    /// <param name="reader">For whom.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The text, perhaps with holes; or an error with one sentence that says what went wrong.</returns>
    public async ValueTask<Result<StepText>> Render(
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
                    .Map(text => new StepText(null, null, StorableText.Of(text.Text)) { Missing = text.Missing });
            case EmailStep email:
                var url = await links.For(reader, cancellationToken);
                return Mail(Draft(steps, index, email, reader), reader, model with { UnsubscribeUrl = url });
            case var other:
                throw new InvalidOperationException($"A step of this type says nothing: {other.Type}");
        }
    }

    /// <summary>Renders the subject of an EMAIL, for what is to go under it.</summary>
    /// <param name="steps">All steps of the sequence.</param>
    /// <param name="index">Which step.</param>
    /// <param name="reader">For whom.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The subject with an empty body; or an error with one sentence that says what went wrong.</returns>
    public async ValueTask<Result<StepText>> RenderSubject(
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

    private Result<StepText> Mail(MailDraft draft, StepReader reader, TemplateModel model) =>
        templates
            .RenderEmail(draft.Subject, draft.Body, model)
            .Map(mail => new StepText(
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
