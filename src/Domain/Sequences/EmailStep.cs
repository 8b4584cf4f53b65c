namespace FollowUp.Domain.Sequences;

/// <summary>Sends a mail. <see cref="DefaultFollowUps"/> supplies what is null.</summary>
/// <param name="Subject">A Liquid template, or null.</param>
/// <param name="Body">A Liquid template that renders to HTML, or null.</param>
public sealed record EmailStep(string? Subject, string? Body) : Step
{
    /// <summary>Whether it is sent as a reply to the first mail to the recipient; null lets <see cref="MailDraft"/> decide.</summary>
    public bool? Thread { get; init; }

    /// <summary>Alternative texts; each recipient gets one of them.</summary>
    public EmailVariants Variants { get; init; } = EmailVariants.None;

    /// <inheritdoc/>
    public override StepType Type => StepType.Email;

    /// <inheritdoc/>
    public override TimeSpan Delay => TimeSpan.Zero;
}
