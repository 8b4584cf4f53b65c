using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace FollowUp.Domain.Instances;

/// <summary>
/// One immutable fact about an instance. Each event carries the SHA-256 of its content and of the instance's previous event, so that a
/// timeline can be verified. Events hold no personal data: the rendered text is in the message that <see cref="MessageId"/> refers to.
/// </summary>
public sealed record FollowUpEvent : DomainEvent
{
    private FollowUpEvent() { }

    /// <summary>The event's id.</summary>
    public Guid Id { get; private init; }

    /// <summary>The owner of the instance.</summary>
    public OwnerId OwnerId { get; private init; }

    /// <summary>The instance.</summary>
    public InstanceId InstanceId { get; private init; }

    /// <summary>The instance's sequence.</summary>
    public SequenceId SequenceId { get; private init; }

    /// <summary>The number of the sequence version that the instance was on.</summary>
    public int Version { get; private init; }

    /// <summary>The position in the instance's timeline, from 1, without gaps.</summary>
    public int Number { get; private init; }

    /// <summary>The step's index; null when the event concerns the whole instance.</summary>
    public int? StepIndex { get; private init; }

    /// <summary>The step's type for an executed step, otherwise what happened to the instance.</summary>
    public EventType Type { get; private init; }

    /// <summary>The outcome of an executed step; otherwise null.</summary>
    public EventStatus? Status { get; private init; }

    /// <summary>
    /// A JSON object of strings, such as <c>{"reason":"manual"}</c>. For an executed step it has <c>elapsedMs</c>: the time since the step
    /// became the current one.
    /// </summary>
    public string Content { get; private init; } = "{}";

    /// <summary>The sent message, if there is one. The message can be erased; the event stays.</summary>
    public Guid? MessageId { get; private init; }

    /// <summary>When the event was created.</summary>
    public DateTimeOffset SentAt { get; private init; }

    /// <summary>The originator of what happened.</summary>
    public Actor Actor { get; private init; } = Actor.Engine;

    /// <summary>The hash of the previous event; 32 zero bytes for the first.</summary>
    public byte[] PreviousHash { get; private init; } = [];

    /// <summary>SHA-256 of <see cref="PreviousHash"/> and of all properties above.</summary>
    public byte[] Hash { get; private init; } = [];

    /// <summary>The <see cref="PreviousHash"/> of an instance's first event.</summary>
    public static byte[] Genesis => new byte[SHA256.HashSizeInBytes];

    /// <summary>Whether the events are the complete, unaltered timeline of one instance.</summary>
    /// <param name="events">An instance's events, oldest first.</param>
    public static bool IsWhole(IReadOnlyList<FollowUpEvent> events)
    {
        var previous = Genesis;
        for (var i = 0; i < events.Count; i++)
        {
            if (!events[i].Follows(i, previous))
            {
                return false;
            }

            previous = events[i].Hash;
        }

        return true;
    }

    /// <summary>Whether the event is unaltered and directly follows another one.</summary>
    /// <param name="number">The number of the previous event; 0 for the first.</param>
    /// <param name="hash">The hash of the previous event; <see cref="Genesis"/> for the first.</param>
    public bool Follows(int number, byte[] hash) =>
        Number == number + 1 && PreviousHash.AsSpan().SequenceEqual(hash) && Hash.AsSpan().SequenceEqual(ComputeHash());

    internal static FollowUpEvent Append(
        Instance instance,
        EventType type,
        EventStatus? status,
        StepIndex? step,
        Guid? messageId,
        IReadOnlyDictionary<string, string?> content,
        Actor actor,
        DateTimeOffset now
    )
    {
        var unsealed = new FollowUpEvent
        {
            Id = Guid.CreateVersion7(now),
            OwnerId = instance.OwnerId,
            InstanceId = instance.Id,
            SequenceId = instance.SequenceId,
            Version = instance.Version,
            Number = instance.EventCount + 1,
            StepIndex = step?.Value,
            Type = type,
            Status = status,
            Content = Json(content),
            MessageId = messageId,
            SentAt = now.ToMicroseconds(),
            Actor = actor,
            PreviousHash = instance.EventHash,
        };
        return unsealed with { Hash = unsealed.ComputeHash() };
    }

    // The serializer replaces an unpaired surrogate by U+FFFD, but writes U+0000 as an escape that PostgreSQL cannot extract from json.
    private static string Json(IReadOnlyDictionary<string, string?> content) =>
        content.Count == 0
            ? "{}"
            : JsonSerializer.Serialize(
                content.Values.All(value => StorableText.IsStorable(value))
                    ? content
                    : content.ToDictionary(pair => pair.Key, pair => pair.Value is { } value ? StorableText.Of(value) : null)
            );

    private byte[] ComputeHash()
    {
        // One field per line. Only Content could contain a line break: it comes last, and JSON escapes line breaks.
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Convert.ToHexStringLower(PreviousHash)}\n{Id}\n{OwnerId.Value}\n{InstanceId.Value}\n{SequenceId.Value}\n{Version}\n{Number}\n{StepIndex}\n{Type.Name}\n{Status?.Name}\n{MessageId}\n{(SentAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}\n{CamelNames.Of(Actor.Kind)}\n{Actor.Id}\n{Content}"
        );
        return SHA256.HashData(Encoding.UTF8.GetBytes(text));
    }
}
