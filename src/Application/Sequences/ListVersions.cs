namespace FollowUp.Application.Sequences;

/// <summary>The published versions of one of the caller's sequences, newest first, each with its instances by status.</summary>
public sealed record ListVersions(SequenceId Id, int? Limit, string? Cursor) : IQuery<Page<VersionSummaryView>>, IPaged;

internal sealed class ListVersionsHandler(IReadDb db, IVersionShapes shapes, IInstanceCounts counts)
    : IQueryHandler<ListVersions, Page<VersionSummaryView>>
{
    public async Task<Result<Page<VersionSummaryView>>> Handle(ListVersions query, CancellationToken cancellationToken)
    {
        if (await db.Of<Sequence>().SingleOrDefaultAsync(s => s.Id == query.Id, cancellationToken) is not { } sequence)
        {
            return SequenceErrors.NotFound;
        }

        var before = int.MaxValue;
        if (!query.TryReadCursor(nameof(ListVersions), ref before))
        {
            return Paging.BadCursor;
        }

        var page = (await shapes.Newest(query.Id, before, query.Rows() + 1, cancellationToken)).ToList();
        var byVersion = await counts.ByVersion(query.Id, page.ConvertAll(v => v.Number), cancellationToken);
        return page.ToPage(
            query.Rows(),
            // Numbers only: steps are counted, not listed.
            _ => 0,
            v => new VersionSummaryView(
                v.Number,
                v.Number == sequence.CurrentVersion,
                v.PublishedAt,
                v.Steps.Count,
                byVersion[v.Number].Counts()
            ),
            v => Paging.Cursor(nameof(ListVersions), v.Number)
        );
    }
}
