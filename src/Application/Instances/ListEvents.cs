using System.Globalization;

namespace FollowUp.Application.Instances;

/// <summary>The caller's whole log, in the order of writing.</summary>
/// <param name="After">Only events after this one in the log.</param>
public sealed record ListEvents(EventFilter Filter, Guid? After, int? Limit, string? Cursor) : IQuery<Page<EventView>>, IPaged;

internal sealed class ListEventsValidator : AbstractValidator<ListEvents>
{
    public ListEventsValidator() => RuleFor(query => query.Filter).Custom(EventFilterRules.Check);
}

internal sealed class ListEventsHandler(IReadDb db, ILogHorizon horizon) : IQueryHandler<ListEvents, Page<EventView>>
{
    private readonly EventLog _log = new(db, horizon);

    public async Task<Result<Page<EventView>>> Handle(ListEvents query, CancellationToken cancellationToken)
    {
        var start = await EventStart.Find(_log, query.After, query.Cursor, cancellationToken);
        if (!start.IsSuccess)
        {
            return Result.Invalid(start.ValidationErrors);
        }

        var range = await _log.Range(query.Filter, start.Value, cancellationToken);
        var slice = await _log.Read(query.Filter, range, query.Rows(), cancellationToken);
        return new Page<EventView>(
            [.. slice.Rows.Select(row => EventView.From(row.Event, row.Message))],
            slice.Next is { } next ? Paging.Cursor(nameof(ListEvents), next) : null
        );
    }
}

/// <summary>The start of a request for the log.</summary>
internal static class EventStart
{
    /// <summary>The position after which to read: that of the cursor or of the event, whichever is later.</summary>
    public static async Task<Result<long>> Find(EventLog log, Guid? after, string? cursor, CancellationToken cancellationToken)
    {
        var start = 0L;
        if (after is { } id)
        {
            if (await log.PositionOf(id, cancellationToken) is not { } position)
            {
                return Error.Invalid("after", "is not the id of an event in your log, or its sequence was deleted");
            }

            start = position;
        }

        if (cursor is null)
        {
            return start;
        }

        return await Parse(log, cursor, cancellationToken) is { } from ? Math.Max(start, from) : Paging.BadCursor;
    }

    private static async Task<long?> Parse(EventLog log, string cursor, CancellationToken cancellationToken)
    {
        if (Paging.Parts(nameof(ListEvents), cursor, 1) is [var text])
        {
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;
        }

        // A cursor of an earlier release: time, instance and number of the last event.
        return
            Paging.Parts(nameof(ListEvents), cursor, 3) is [_, var instance, var number]
            && Guid.TryParse(instance, out var instanceId)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? await log.PositionOf(new InstanceId(instanceId), last, cancellationToken)
            : null;
    }
}
