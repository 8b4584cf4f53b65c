namespace FollowUp.Domain.Instances;

/// <summary>
/// What happened, according to a <see cref="FollowUpEvent"/>. The program writes only the types below. It reads any name, because a node of a
/// later release may have written the event. Hashes cover the name, so it never changes.
/// </summary>
public readonly record struct EventType
{
    private EventType(string name) => Name = name;

    /// <summary>The name in the log and in the API: <c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>, or a name such as <c>inDoubt</c>.</summary>
    public string Name { get; }

    /// <summary>A mail step was executed.</summary>
    public static EventType Email { get; } = new("EMAIL");

    /// <summary>A text message step was executed.</summary>
    public static EventType Sms { get; } = new("SMS");

    /// <summary>A wait was executed.</summary>
    public static EventType Wait { get; } = new("WAIT");

    /// <summary>The instance was created.</summary>
    public static EventType Enrolled { get; } = new("enrolled");

    /// <summary>The instance was paused.</summary>
    public static EventType Paused { get; } = new("paused");

    /// <summary>The instance was resumed.</summary>
    public static EventType Resumed { get; } = new("resumed");

    /// <summary>The instance was stopped.</summary>
    public static EventType Stopped { get; } = new("stopped");

    /// <summary>A user retries the failed step.</summary>
    public static EventType Retried { get; } = new("retried");

    /// <summary>All steps are done.</summary>
    public static EventType Completed { get; } = new("completed");

    /// <summary>It is unknown whether the step's message was sent.</summary>
    public static EventType InDoubt { get; } = new("inDoubt");

    /// <summary>The doubt about a step was resolved.</summary>
    public static EventType Resolved { get; } = new("resolved");

    /// <summary>The instance was moved to a newer version.</summary>
    public static EventType Migrated { get; } = new("migrated");

    /// <summary>The message was delivered.</summary>
    public static EventType Delivered { get; } = new("delivered");

    /// <summary>The message was opened.</summary>
    public static EventType Opened { get; } = new("opened");

    /// <summary>A link of the message was followed.</summary>
    public static EventType Clicked { get; } = new("clicked");

    /// <summary>The message bounced.</summary>
    public static EventType Bounced { get; } = new("bounced");

    /// <summary>The message was reported as spam.</summary>
    public static EventType Complained { get; } = new("complained");

    /// <summary>The type of a stored event, which may be unknown to this release.</summary>
    public static EventType Read(string name) => new(name);

    /// <summary>The type of the event of an executed step.</summary>
    public static EventType Of(StepType type) =>
        type switch
        {
            StepType.Email => Email,
            StepType.Sms => Sms,
            StepType.Wait => Wait,
            _ => throw new InvalidOperationException($"No such step type: {type}"),
        };
}
