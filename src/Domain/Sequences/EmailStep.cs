namespace FollowUp.Domain.Sequences;

/// <summary>Sends a mail. What is null is taken from <see cref="DefaultFollowUps"/>.</summary>
/// <param name="Subject">A Liquid template, or null.</param>
/// <param name="Body">A Liquid template that renders to HTML, or null.</param>
public sealed record EmailStep(string? Subject, string? Body) : Step
{
    /// <summary>Whether it goes under the first mail that its recipient got; null leaves that to <see cref="MailDraft"/>.</summary>
    public bool? Thread { get; init; }

    /// <summary>Several texts among which each recipient gets one.</summary>
    public EmailVariants Variants { get; init; } = EmailVariants.None;

    /// <inheritdoc/>
    public override StepType Type => StepType.Email;

    /// <inheritdoc/>
    public override TimeSpan Delay => TimeSpan.Zero;
}
