using NodaTime;

namespace FollowUp.Domain.Sequences;

/// <summary>What a step does. The words in tables and JSON are <c>EMAIL</c>, <c>SMS</c> and <c>WAIT</c>.</summary>
public enum StepType
{
    /// <summary>Sends a mail.</summary>
    Email,

    /// <summary>Sends a text message.</summary>
    Sms,

    /// <summary>Lets time pass.</summary>
    Wait,
}

/// <summary>What follows from a step's type.</summary>
public static class StepTypes
{
    /// <summary>The channel on which a step of this type sends; null for a WAIT.</summary>
    /// <param name="type">The type.</param>
    public static Channel? ChannelOf(this StepType type) =>
        type switch
        {
            StepType.Email => Channel.Email,
            StepType.Sms => Channel.Sms,
            _ => null,
        };
}

/// <summary>A way to reach somebody. Each has its own provider, suppressions and breaker.</summary>
public enum Channel
{
    /// <summary>Mail.</summary>
    Email,

    /// <summary>Text messages.</summary>
    Sms,
}

/// <summary>A step's place in its sequence, counted from 0.</summary>
/// <param name="Value">0 for the first step.</param>
public readonly record struct StepIndex(int Value)
{
    /// <summary>The place behind this one.</summary>
    public StepIndex Next => new(Value + 1);
}

/// <summary>One step of a sequence: <see cref="EmailStep"/>, <see cref="SmsStep"/> or <see cref="WaitStep"/>, and no other.</summary>
public abstract record Step
{
    private protected Step() { }

    /// <summary>The step's name in its sequence, the same in every version that has it; empty until <see cref="StepIds"/> gives it one.</summary>
    public string Id { get; init; } = "";

    /// <summary>What the step does.</summary>
    public abstract StepType Type { get; }

    /// <summary>How long the step lets pass before it is due, counted from the end of the step before it. Business days count as whole days here.</summary>
    public abstract TimeSpan Delay { get; }

    /// <summary>EMAIL and SMS: the local time, in the zone of the sequence's schedule, at which it is to go out; null when any will do.</summary>
    public LocalTime? At { get; init; }

    /// <summary>Whether two steps say the same, whatever they are called.</summary>
    /// <param name="other">Another step.</param>
    /// <returns>True when nothing but their ids differs.</returns>
    public bool SaysTheSameAs(Step other) => this with { Id = "" } == other with { Id = "" };

    /// <summary>Whether two steps are the same one, and differ in their texts at most.</summary>
    /// <param name="other">Another step.</param>
    /// <returns>True when id, type, delay and local time agree.</returns>
    public bool HasShapeOf(Step other) =>
        (Id, Type, Delay, At) == (other.Id, other.Type, other.Delay, other.At)
        && (this as WaitStep)?.BusinessDays == (other as WaitStep)?.BusinessDays;
}

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

/// <summary>Sends a text message.</summary>
/// <param name="Message">A Liquid template that renders to plain text.</param>
public sealed record SmsStep(string Message) : Step
{
    /// <inheritdoc/>
    public override StepType Type => StepType.Sms;

    /// <inheritdoc/>
    public override TimeSpan Delay => TimeSpan.Zero;
}
