namespace FollowUp.Application.Sequences;

/// <summary>The caller's sequences, newest first, each with its instances by status.</summary>
public sealed record ListSequences(int? Limit, string? Cursor) : IQuery<Page<SequenceView>>, IPaged;

internal sealed class ListSequencesHandler(ISequencePages pages, IStepLists lists) : IQueryHandler<ListSequences, Page<SequenceView>>
{
    public async Task<Result<Page<SequenceView>>> Handle(ListSequences query, CancellationToken cancellationToken)
    {
        if (!query.TryReadCursor(nameof(ListSequences), id => new SequenceId(id), out var last))
        {
            return Paging.BadCursor;
        }

        var rows = await pages.Read(last, query.Rows() + 1, cancellationToken);
        var steps = await lists.Of(rows.ConvertAll(row => row.VersionId), cancellationToken);
        // A sequence that was deleted after the page was read has no steps and is omitted.
        var page = rows.ToPage(
            query.Rows(),
            row => steps.TryGetValue(row.VersionId, out var list) ? list.Json.Length : 0,
            row => steps.TryGetValue(row.VersionId, out var list) ? SequenceView.From(row, list) : null,
            row => Paging.Cursor(nameof(ListSequences), row.Id.Value)
        );
        return new Page<SequenceView>([.. page.Items.OfType<SequenceView>()], page.NextCursor);
    }
}
