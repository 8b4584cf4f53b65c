namespace FollowUp.Application.Instances;

/// <summary>The events that were added to the caller's log, without the texts of messages.</summary>
/// <param name="Position">Only events after this position; null starts at the end of the log, or after an event.</param>
/// <param name="After">Without a position: only events after this one.</param>
public sealed record FollowLog(long? Position, Guid? After) : IQuery<FollowedLog>;

/// <summary>New events.</summary>
/// <param name="Position">Where to continue.</param>
/// <param name="Skipped">
/// Whether events may be missing: there were more than one reading returns, so the oldest are left out, or the event to continue after is no longer in
/// the log.
/// </param>
/// <param name="Items">The events in the order of the log.</param>
public sealed record FollowedLog(long Position, bool Skipped, IReadOnlyList<EventView> Items);

internal sealed class FollowLogHandler(IReadDb db, ILogHorizon horizon) : IQueryHandler<FollowLog, FollowedLog>
{
    /// <summary>The maximum number of events in an answer. A reader that is further behind reads the rest of the log in pages.</summary>
    private const int MostEvents = 200;

    private readonly EventLog _log = new(db, horizon);

    public async Task<Result<FollowedLog>> Handle(FollowLog query, CancellationToken cancellationToken)
    {
        // A reader starts at the present end. One that continues may get an earlier end, and then reads the rest the next time.
        var end = await (query.Position is null ? horizon.Read(cancellationToken) : horizon.ReadRecent(cancellationToken));
        if ((query.Position ?? await Start(query.After, end, cancellationToken)) is not { } position)
        {
            // The event's sequence was deleted since: a reader that reconnects must not be refused.
            return new FollowedLog(end, true, []);
        }

        if (position >= end)
        {
            return new FollowedLog(position, false, []);
        }

        // The newest events, by the index of the owner's positions.
        var events = await db.Of<FollowUpEvent>()
            .Where(e => EF.Property<long>(e, EventLog.Position) > position && EF.Property<long>(e, EventLog.Position) <= end)
            .OrderByDescending(e => EF.Property<long>(e, EventLog.Position))
            .Take(MostEvents + 1)
            .ToListAsync(cancellationToken);
        return new FollowedLog(
            end,
            events.Count > MostEvents,
            [.. events.Take(MostEvents).Reverse().Select(happened => EventView.From(happened, message: null))]
        );
    }

    private async Task<long?> Start(Guid? after, long end, CancellationToken cancellationToken) =>
        after is { } id ? await _log.PositionOf(id, cancellationToken) : end;
}
