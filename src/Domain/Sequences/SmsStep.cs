namespace FollowUp.Domain.Sequences;

/// <summary>Sends a text message.</summary>
/// <param name="Message">A Liquid template that renders to plain text.</param>
public sealed record SmsStep(string Message) : Step
{
    /// <inheritdoc/>
    public override StepType Type => StepType.Sms;

    /// <inheritdoc/>
    public override TimeSpan Delay => TimeSpan.Zero;
}
