namespace FollowUp.Domain.Instances;

/// <summary>
/// The outcome of an executed step in the log. The program writes only the statuses below. It reads any name, as with
/// <see cref="EventType"/>, so that an altered row is found by its hash instead of failing the request. Hashes cover the name, so it never
/// changes.
/// </summary>
public readonly record struct EventStatus
{
    private EventStatus(string name) => Name = name;

    /// <summary>The name in the log and in the API, such as <c>sent</c>.</summary>
    public string Name { get; }

    /// <summary>A provider accepted the message.</summary>
    public static EventStatus Sent { get; } = new("sent");

    /// <summary>The step was skipped.</summary>
    public static EventStatus Skipped { get; } = new("skipped");

    /// <summary>A wait ended.</summary>
    public static EventStatus Completed { get; } = new("completed");

    /// <summary>The step failed.</summary>
    public static EventStatus Failed { get; } = new("failed");

    /// <summary>The status of a stored event, which may be unknown.</summary>
    public static EventStatus Read(string name) => new(name);
}
