using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Sequences;

/// <summary>The caller's sequences, newest first, each with its instances by status.</summary>
/// <param name="Limit">The most rows a page.</param>
/// <param name="Cursor">Where the page begins.</param>
public sealed record ListSequences(int? Limit, string? Cursor) : IQuery<Page<SequenceView>>, IPaged;

internal sealed class ListSequencesValidator : AbstractValidator<ListSequences>
{
    public ListSequencesValidator() => this.AddPagingRules();
}

internal sealed class ListSequencesHandler(IReadDb db) : IQueryHandler<ListSequences, Page<SequenceView>>
{
    public async Task<Result<Page<SequenceView>>> Handle(ListSequences query, CancellationToken cancellationToken)
    {
        var rows = db.Sequences;
        if (query.Cursor is { } cursor)
        {
            if (Paging.Parts(cursor, 1) is not [var part] || !Guid.TryParse(part, out var last))
            {
                return Paging.BadCursor;
            }

            var before = new SequenceId(last);
            rows = rows.Where(s => s.Id < before);
        }

        var page = await rows.OrderByDescending(s => s.Id)
            .Take(query.Rows() + 1)
            .WithCurrentVersion(db)
            .OrderByDescending(row => row.Sequence.Id)
            .ToListAsync(cancellationToken);
        var ids = page.ConvertAll(row => row.Sequence.Id);
        var counts = (
            await db
                .InstanceCounts.Where(c => ids.Contains(c.SequenceId))
                .GroupBy(c => new { c.SequenceId, c.Status })
                .Select(group => new
                {
                    group.Key.SequenceId,
                    group.Key.Status,
                    Count = (int)group.Sum(c => c.Count),
                })
                .ToListAsync(cancellationToken)
        ).ToLookup(row => row.SequenceId);
        return page.ToPage(
            query.Rows(),
            row => SequenceView.From(row.Sequence, row.Current, counts[row.Sequence.Id].ToDictionary(c => c.Status, c => c.Count)),
            row => Paging.Cursor(row.Sequence.Id.Value)
        );
    }
}
