using Ardalis.Result;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Instances;

/// <summary>Whether a timeline is whole.</summary>
/// <param name="Events">How many events it has.</param>
/// <param name="Intact">Whether none is missing, out of order or altered.</param>
public sealed record TimelineCheck(int Events, bool Intact);

/// <summary>Proves that the timeline of one of the caller's instances is whole: computes each hash anew.</summary>
/// <param name="Id">Which one.</param>
public sealed record VerifyTimeline(InstanceId Id) : IQuery<TimelineCheck>;

internal sealed class VerifyTimelineHandler(IReadDb db) : IQueryHandler<VerifyTimeline, TimelineCheck>
{
    public async Task<Result<TimelineCheck>> Handle(VerifyTimeline query, CancellationToken cancellationToken)
    {
        if (await db.Instances.FirstOrDefaultAsync(i => i.Id == query.Id, cancellationToken) is not { } instance)
        {
            return InstanceErrors.NotFound;
        }

        // Events that came after the instance was read are left for the next check.
        var events = await db
            .Events.Where(e => e.InstanceId == query.Id && e.Number <= instance.EventCount)
            .OrderBy(e => e.Number)
            .ToListAsync(cancellationToken);
        var intact =
            events.Count == instance.EventCount
            && FollowUpEvent.IsWhole(events)
            && (events.Count == 0 || events[^1].Hash.AsSpan().SequenceEqual(instance.EventHash));
        return new TimelineCheck(events.Count, intact);
    }
}
