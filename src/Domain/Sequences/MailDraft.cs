namespace FollowUp.Domain.Sequences;

/// <summary>The templates of an EMAIL: its own, a variant's, or those of the default follow-up for its position.</summary>
/// <param name="Variant">The name of the chosen variant; null when the step has none.</param>
/// <param name="Subject">A Liquid template; null for a reply, which takes the subject of the thread's first mail.</param>
/// <param name="Body">A Liquid template that renders to HTML.</param>
/// <param name="IsThreaded">Whether the mail is sent as a reply to the thread's first mail.</param>
public sealed record MailDraft(string? Variant, string? Subject, string Body, bool IsThreaded)
{
    /// <summary>
    /// Chooses the templates of a mail. A mail with a body and no subject is a reply to the thread's first mail, with <c>Re:</c> before
    /// that subject. A mail with neither is the default follow-up, with its own subject. The step's <c>thread</c> overrides both.
    /// </summary>
    /// <param name="variant">The chosen variant, when the step has variants.</param>
    /// <param name="hasThread">Whether an earlier mail was sent that this one can reply to.</param>
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
