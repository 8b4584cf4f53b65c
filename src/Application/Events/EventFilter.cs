using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Events;

/// <summary>Which events of the log are wanted. A null field does not restrict them.</summary>
/// <param name="Type">Only events of this type.</param>
/// <param name="From">Only events at or after this instant.</param>
/// <param name="To">Only events before this instant.</param>
/// <param name="SequenceId">Only events of this sequence's instances.</param>
public sealed record EventFilter(string? Type = null, DateTimeOffset? From = null, DateTimeOffset? To = null, SequenceId? SequenceId = null)
{
    internal bool IsEmpty => this is { Type: null, From: null, To: null, SequenceId: null };

    internal IQueryable<FollowUpEvent> Apply(IQueryable<FollowUpEvent> events)
    {
        if (Type is not null)
        {
            events = events.Where(e => e.Type == Type);
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
