namespace FollowUp.Domain.Sequences;

/// <summary>What an EMAIL says, before anything is filled in: its own words, a variant's, or those of the default follow-up for its position.</summary>
/// <param name="Variant">The name of the variant that was chosen; null when the step has none.</param>
/// <param name="Subject">A Liquid template; null when the mail answers the thread's first one, under whose subject it goes.</param>
/// <param name="Body">A Liquid template that renders to HTML.</param>
/// <param name="IsThreaded">Whether the mail goes under the thread's first one.</param>
public sealed record MailDraft(string? Variant, string? Subject, string Body, bool IsThreaded)
{
    /// <summary>
    /// Drafts a mail. An author who writes a body and no subject goes on with the conversation: such a mail goes under the thread's first one, as
    /// <c>Re:</c> its subject. One without either is the default follow-up, with its own subject. The step's <c>thread</c> decides otherwise.
    /// </summary>
    /// <param name="steps">All steps of the sequence.</param>
    /// <param name="index">Where the EMAIL stands.</param>
    /// <param name="variant">The chosen variant, when the step has variants.</param>
    /// <param name="hasThread">Whether a mail went out before that this one could go under.</param>
    public static MailDraft Of(IReadOnlyList<Step> steps, StepIndex index, EmailVariant? variant, bool hasThread)
    {
        var email = (EmailStep)steps[index.Value];
        var (subject, body) = (Given(variant?.Subject) ?? Given(email.Subject), Given(variant?.Body) ?? Given(email.Body));
        var usual = DefaultFollowUps.At(steps, index);
        var threaded = hasThread && (email.Thread ?? (subject is null && body is not null));
        return new MailDraft(variant?.Name, subject ?? (threaded ? null : usual.Subject), body ?? usual.Body!, threaded);
    }

    private static string? Given(string? template) => string.IsNullOrWhiteSpace(template) ? null : template;
}
