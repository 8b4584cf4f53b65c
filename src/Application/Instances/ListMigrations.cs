namespace FollowUp.Application.Instances;

/// <summary>The migrations of one of the caller's sequences, newest first.</summary>
public sealed record ListMigrations(SequenceId Sequence, int? Limit, string? Cursor) : IQuery<Page<MigrationView>>, IPaged;

internal sealed class ListMigrationsHandler(IReadDb db) : IQueryHandler<ListMigrations, Page<MigrationView>>
{
    /// <summary>The overhead of a map entry besides its two ids, in bytes.</summary>
    private const int BytesOfEntry = 6;

    public async Task<Result<Page<MigrationView>>> Handle(ListMigrations query, CancellationToken cancellationToken)
    {
        if (!await db.Of<Sequence>().AnyAsync(s => s.Id == query.Sequence, cancellationToken))
        {
            return SequenceErrors.NotFound;
        }

        if (!query.TryReadCursor(nameof(ListMigrations), id => new MigrationId(id), out var last))
        {
            return Paging.BadCursor;
        }

        var rows = db.Of<SequenceMigration>().Where(m => m.SequenceId == query.Sequence);
        rows = last is { } id ? rows.Where(m => m.Id < id) : rows;
        var page = await rows.OrderByDescending(m => m.Id).Take(query.Rows() + 1).ToListAsync(cancellationToken);
        return page.ToPage(
            query.Rows(),
            m => JsonSize.Of(m.LastError) + m.Map.Sum(entry => JsonSize.Of(entry.Key) + JsonSize.Of(entry.Value) + BytesOfEntry),
            MigrationView.From,
            m => Paging.Cursor(nameof(ListMigrations), m.Id.Value)
        );
    }
}
