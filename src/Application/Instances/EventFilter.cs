using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Instances;

/// <summary>Which events of the log are wanted. A null field does not restrict them.</summary>
/// <param name="Type">Only events of this type.</param>
/// <param name="From">Only events at or after this instant.</param>
/// <param name="To">Only events before this instant.</param>
/// <param name="SequenceId">Only events of this sequence's instances.</param>
public sealed record EventFilter(string? Type = null, DateTimeOffset? From = null, DateTimeOffset? To = null, SequenceId? SequenceId = null)
{
    /// <summary>Types of which each step or instance writes one. All others are in the index ix_follow_up_event_type.</summary>
    private static readonly string[] Frequent = ["EMAIL", "SMS", "WAIT", "enrolled", "completed"];

    /// <summary>Whether an index has the events that are wanted, but for the instants, in the order of the log.</summary>
    internal bool IsOfRareType => Type is not null && SequenceId is null && !Frequent.Contains(Type);

    internal bool IsEmpty => this is { Type: null, From: null, To: null, SequenceId: null };

    internal IQueryable<FollowUpEvent> Apply(IQueryable<FollowUpEvent> events)
    {
        if (Type is not null)
        {
            events = events.Where(e => e.Type == Type);
        }

        if (IsOfRareType)
        {
            // In the words of the index, which a comparison with a parameter does not show to be enough.
            events = events.Where(e => !EF.Constant(Frequent).Contains(e.Type));
        }

        if (From?.ToUniversalTime() is { } from)
        {
            events = events.Where(e => e.SentAt >= from);
        }

        if (To?.ToUniversalTime() is { } to)
        {
            events = events.Where(e => e.SentAt < to);
        }

        return SequenceId is { } sequence ? events.Where(e => e.SequenceId == sequence) : events;
    }
}
