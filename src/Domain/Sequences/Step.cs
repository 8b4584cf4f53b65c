using NodaTime;

namespace FollowUp.Domain.Sequences;

/// <summary>One step of a sequence: <see cref="EmailStep"/>, <see cref="SmsStep"/> or <see cref="WaitStep"/>. A closed hierarchy.</summary>
public abstract record Step
{
    private protected Step() { }

    /// <summary>The step's id within its sequence, the same in all versions; empty until <see cref="StepIds"/> assigns it.</summary>
    public string Id { get; init; } = "";

    /// <summary>The type of the step.</summary>
    public abstract StepType Type { get; }

    /// <summary>The delay between the end of the previous step and this step's due time. Business days count as whole days here.</summary>
    public abstract TimeSpan Delay { get; }

    /// <summary>EMAIL and SMS: the local time to send at, in the time zone of the sequence's schedule; null means any time.</summary>
    public LocalTime? At { get; init; }

    /// <summary>Whether two steps are equal except for their ids.</summary>
    public bool SaysTheSameAs(Step other) => this with { Id = "" } == other with { Id = "" };

    /// <summary>Whether two steps have the same id, type, delay and local time; their texts may differ.</summary>
    public bool HasShapeOf(Step other) =>
        (Id, Type, Delay, At) == (other.Id, other.Type, other.Delay, other.At)
        && (this as WaitStep)?.BusinessDays == (other as WaitStep)?.BusinessDays;
}
