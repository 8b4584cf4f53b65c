namespace FollowUp.Application.Instances;

/// <summary>The events of one of the caller's instances, oldest first.</summary>
public sealed record GetTimeline(InstanceId Id, int? Limit, string? Cursor) : IQuery<Page<EventView>>, IPaged;

internal sealed class GetTimelineHandler(IReadDb db) : IQueryHandler<GetTimeline, Page<EventView>>
{
    public async Task<Result<Page<EventView>>> Handle(GetTimeline query, CancellationToken cancellationToken)
    {
        if (!await db.Of<Instance>().AnyAsync(i => i.Id == query.Id, cancellationToken))
        {
            return InstanceErrors.NotFound;
        }

        var after = 0;
        if (!query.TryReadCursor(nameof(GetTimeline), ref after))
        {
            return Paging.BadCursor;
        }

        var page = await db.Of<FollowUpEvent>()
            .Where(e => e.InstanceId == query.Id && e.Number > after)
            .OrderBy(e => e.Number)
            .Take(query.Rows() + 1)
            .WithSizes(db)
            .ToListAsync(cancellationToken);
        var hasMore = page.Count > query.Rows();
        if (hasMore)
        {
            page.RemoveAt(query.Rows());
        }

        hasMore |= await page.LoadMessages(db, cancellationToken);
        return new Page<EventView>(
            [.. page.Select(row => EventView.From(row.Event, row.Message))],
            hasMore ? Paging.Cursor(nameof(GetTimeline), page[^1].Event.Number) : null
        );
    }
}
