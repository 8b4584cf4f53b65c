using NodaTime;

namespace FollowUp.Domain.Sequences;

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
