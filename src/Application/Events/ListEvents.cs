using System.Globalization;
using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Events;

/// <summary>The caller's whole log, oldest first.</summary>
/// <param name="Type">Only events of this type.</param>
/// <param name="From">Only events at or after this instant.</param>
/// <param name="To">Only events before this instant.</param>
/// <param name="Limit">The most rows a page.</param>
/// <param name="Cursor">Where the page begins.</param>
public sealed record ListEvents(string? Type, DateTimeOffset? From, DateTimeOffset? To, int? Limit, string? Cursor)
    : IQuery<Page<EventView>>,
        IPaged;

internal sealed class ListEventsValidator : AbstractValidator<ListEvents>
{
    private const int LongestType = 40;

    public ListEventsValidator()
    {
        this.AddPagingRules();
        RuleFor(query => query.Type).MaximumLength(LongestType).WithMessage($"must have at most {LongestType} characters");
    }
}

internal sealed class ListEventsHandler(IReadDb db) : IQueryHandler<ListEvents, Page<EventView>>
{
    public async Task<Result<Page<EventView>>> Handle(ListEvents query, CancellationToken cancellationToken)
    {
        var events = db.Events.Filter(query.Type, query.From, query.To);
        if (query.Cursor is { } cursor)
        {
            if (EventQueries.Parse(cursor) is not var (sentAt, instance, number))
            {
                return Paging.BadCursor;
            }

            events = events.After(sentAt, instance, number);
        }

        var page = await events.InLogOrder().Take(query.Rows() + 1).WithMessages(db).ToListAsync(cancellationToken);
        return page.ToPage(query.Rows(), row => EventView.From(row.Event, row.Message), row => EventQueries.Cursor(row.Event));
    }
}

/// <summary>An event with what was rendered for it.</summary>
internal sealed class EventRow
{
    public required FollowUpEvent Event { get; init; }

    public required Message? Message { get; init; }
}

/// <summary>What the queries of the log share. Its order is (sentAt, instance, number): an instance's own order is never turned round.</summary>
internal static class EventQueries
{
    public static IQueryable<FollowUpEvent> Filter(
        this IQueryable<FollowUpEvent> events,
        string? type,
        DateTimeOffset? from,
        DateTimeOffset? to
    )
    {
        var (fromUtc, toUtc) = (from?.ToUniversalTime(), to?.ToUniversalTime());
        if (type is not null)
        {
            events = events.Where(e => e.Type == type);
        }

        if (fromUtc is not null)
        {
            events = events.Where(e => e.SentAt >= fromUtc);
        }

        return toUtc is null ? events : events.Where(e => e.SentAt < toUtc);
    }

    public static IQueryable<FollowUpEvent> InLogOrder(this IQueryable<FollowUpEvent> events) =>
        events.OrderBy(e => e.SentAt).ThenBy(e => e.InstanceId).ThenBy(e => e.Number);

    public static IQueryable<FollowUpEvent> After(
        this IQueryable<FollowUpEvent> events,
        DateTimeOffset sentAt,
        InstanceId instance,
        int number
    ) =>
        events.Where(e =>
            e.SentAt >= sentAt && (e.SentAt > sentAt || e.InstanceId > instance || (e.InstanceId == instance && e.Number > number))
        );

    public static IQueryable<EventRow> WithMessages(this IQueryable<FollowUpEvent> events, IReadDb db) =>
        events.Select(e => new EventRow
        {
            Event = e,
            Message = db.Messages.FirstOrDefault(m => m.InstanceId == e.InstanceId && m.Id == e.MessageId),
        });

    public static string Cursor(FollowUpEvent last) =>
        Paging.Cursor(nameof(ListEvents), last.SentAt.UtcTicks, last.InstanceId.Value, last.Number);

    public static (DateTimeOffset SentAt, InstanceId Instance, int Number)? Parse(string cursor) =>
        Paging.Parts(nameof(ListEvents), cursor, 3) is [var ticks, var id, var number]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var sentAt)
        && sentAt <= DateTimeOffset.MaxValue.UtcTicks
        && Guid.TryParse(id, out var instance)
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? (new DateTimeOffset(sentAt, TimeSpan.Zero), new InstanceId(instance), last)
            : null;
}
