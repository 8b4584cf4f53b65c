using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;

namespace FollowUp.Domain.Instances;

/// <summary>
/// One immutable fact about an instance. Each carries the SHA-256 of its own content and of the event before it in the same instance, so
/// that a timeline can be proved whole. Personal data stays out of it: what was rendered lies in the message that it points to.
/// </summary>
public sealed record FollowUpEvent : DomainEvent
{
    private FollowUpEvent() { }

    /// <summary>The event's id.</summary>
    public Guid Id { get; private init; }

    /// <summary>The user whose instance it is.</summary>
    public OwnerId OwnerId { get; private init; }

    /// <summary>The instance.</summary>
    public InstanceId InstanceId { get; private init; }

    /// <summary>The instance's sequence.</summary>
    public SequenceId SequenceId { get; private init; }

    /// <summary>The number of the sequence version that the instance was on.</summary>
    public int Version { get; private init; }

    /// <summary>1 for an instance's first event, and so on without gaps.</summary>
    public int Number { get; private init; }

    /// <summary>The step that it is about; null when it is about the instance as a whole.</summary>
    public int? StepIndex { get; private init; }

    /// <summary><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c> for an executed step, else what happened, such as <c>paused</c>.</summary>
    public string Type { get; private init; } = "";

    /// <summary>What became of an executed step: <c>sent</c>, <c>skipped</c>, <c>completed</c> or <c>failed</c>; else null.</summary>
    public string? Status { get; private init; }

    /// <summary>
    /// A JSON object of strings, such as <c>{"reason":"manual"}</c>. An executed step has <c>elapsedMs</c>: the time since it became the next step.
    /// </summary>
    public string Content { get; private init; } = "{}";

    /// <summary>What was rendered, when a message was sent. It can be erased; the event stays.</summary>
    public Guid? MessageId { get; private init; }

    /// <summary>The instant of the event's creation.</summary>
    public DateTimeOffset SentAt { get; private init; }

    /// <summary>The hash of the event before it; 32 zero bytes for the first.</summary>
    public byte[] PreviousHash { get; private init; } = [];

    /// <summary>SHA-256 of <see cref="PreviousHash"/> and everything above.</summary>
    public byte[] Hash { get; private init; } = [];

    /// <summary>What the first event of an instance has for a <see cref="PreviousHash"/>.</summary>
    public static byte[] Genesis => new byte[SHA256.HashSizeInBytes];

    /// <summary>Whether events are the whole timeline of one instance: in order, without gaps, none altered.</summary>
    /// <param name="events">An instance's events, oldest first.</param>
    /// <returns>True when they are.</returns>
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

    /// <summary>Whether the event is unaltered and comes right after another one.</summary>
    /// <param name="number">The number of the event before it; 0 for the first.</param>
    /// <param name="hash">The hash of the event before it; <see cref="Genesis"/> for the first.</param>
    /// <returns>True when it does.</returns>
    public bool Follows(int number, byte[] hash) =>
        Number == number + 1 && PreviousHash.AsSpan().SequenceEqual(hash) && Hash.AsSpan().SequenceEqual(ComputeHash());

    internal static FollowUpEvent Append(
        Instance instance,
        string type,
        string? status,
        StepIndex? step,
        Guid? messageId,
        IReadOnlyDictionary<string, string?> content,
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
            PreviousHash = instance.EventHash,
        };
        return unsealed with { Hash = unsealed.ComputeHash() };
    }

    // The serializer writes half of a surrogate pair as U+FFFD by itself, but U+0000 as an escape that PostgreSQL cannot read out of json.
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
        // One field a line; Content, the only field that could hold a line break, comes last, and JSON escapes it besides.
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Convert.ToHexStringLower(PreviousHash)}\n{Id}\n{OwnerId.Value}\n{InstanceId.Value}\n{SequenceId.Value}\n{Version}\n{Number}\n{StepIndex}\n{Type}\n{Status}\n{MessageId}\n{(SentAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}\n{Content}"
        );
        return SHA256.HashData(Encoding.UTF8.GetBytes(text));
    }
}
