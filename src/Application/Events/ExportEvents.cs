using Ardalis.Result;
using FollowUp.Application.Messaging;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Events;

/// <summary>The caller's whole log, oldest first, as a stream that is never held in memory.</summary>
/// <param name="Type">Only events of this type.</param>
/// <param name="From">Only events at or after this instant.</param>
/// <param name="To">Only events before this instant.</param>
public sealed record ExportEvents(string? Type, DateTimeOffset? From, DateTimeOffset? To) : IQuery<IAsyncEnumerable<EventView>>;

internal sealed class ExportEventsHandler(IReadDb db) : IQueryHandler<ExportEvents, IAsyncEnumerable<EventView>>
{
    public Task<Result<IAsyncEnumerable<EventView>>> Handle(ExportEvents query, CancellationToken cancellationToken)
    {
        var events = db.Events.Filter(query.Type, query.From, query.To).InLogOrder().WithMessages(db).AsAsyncEnumerable();
        return Task.FromResult(Result.Success(events.Select(row => EventView.From(row.Event, row.Message))));
    }
}
