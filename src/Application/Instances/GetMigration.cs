namespace FollowUp.Application.Instances;

/// <summary>The progress of a migration of one of the caller's sequences.</summary>
public sealed record GetMigration(SequenceId Sequence, MigrationId Id) : IQuery<MigrationView>;

internal sealed class GetMigrationHandler(IReadDb db) : IQueryHandler<GetMigration, MigrationView>
{
    public async Task<Result<MigrationView>> Handle(GetMigration query, CancellationToken cancellationToken) =>
        await db.Of<SequenceMigration>().SingleOrDefaultAsync(m => m.Id == query.Id && m.SequenceId == query.Sequence, cancellationToken)
            is { } found
            ? MigrationView.From(found)
            : MigrationErrors.NotFound;
}
