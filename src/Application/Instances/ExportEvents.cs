using System.Runtime.CompilerServices;

namespace FollowUp.Application.Instances;

/// <summary>The caller's whole log, in the order of writing, as a stream that is never held in memory.</summary>
/// <param name="After">Only events after this one in the log.</param>
public sealed record ExportEvents(EventFilter Filter, Guid? After) : IQuery<IAsyncEnumerable<EventView>>;

internal sealed class ExportEventsValidator : AbstractValidator<ExportEvents>
{
    public ExportEventsValidator() => RuleFor(query => query.Filter).Custom(EventFilterRules.Check);
}

internal sealed class ExportEventsHandler(IReadDb db, ILogHorizon horizon) : IQueryHandler<ExportEvents, IAsyncEnumerable<EventView>>
{
    private const int RowsAStatement = 200;
    private readonly EventLog _log = new(db, horizon);

    public async Task<Result<IAsyncEnumerable<EventView>>> Handle(ExportEvents query, CancellationToken cancellationToken)
    {
        var start = await EventStart.Find(_log, query.After, null, cancellationToken);
        if (!start.IsSuccess)
        {
            return Result.Invalid(start.ValidationErrors);
        }

        // The end is fixed now, so that an export of a growing log ends.
        var range = await _log.Range(query.Filter, start.Value, cancellationToken);
        return Result.Success(await Pages(query.Filter, range, cancellationToken).Begin(cancellationToken));
    }

    /// <summary>
    /// One statement per page: between two of them no transaction is open and no connection is held, however slowly the client reads.
    /// </summary>
    private async IAsyncEnumerable<EventView> Pages(
        EventFilter filter,
        EventRange range,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        for (long? after = range.After; after is { } from; )
        {
            var slice = await _log.Read(filter, range with { After = from }, RowsAStatement, cancellationToken);
            foreach (var row in slice.Rows)
            {
                yield return EventView.From(row.Event, row.Message);
            }

            after = slice.Next;
        }
    }
}
