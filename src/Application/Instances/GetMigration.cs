using Ardalis.Result;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Instances;

/// <summary>How far a migration of one of the caller's sequences is.</summary>
/// <param name="Sequence">Which sequence.</param>
/// <param name="Id">Which migration.</param>
public sealed record GetMigration(SequenceId Sequence, MigrationId Id) : IQuery<MigrationView>;

internal sealed class GetMigrationHandler(IReadDb db) : IQueryHandler<GetMigration, MigrationView>
{
    public async Task<Result<MigrationView>> Handle(GetMigration query, CancellationToken cancellationToken) =>
        await db.Of<SequenceMigration>().SingleOrDefaultAsync(m => m.Id == query.Id && m.SequenceId == query.Sequence, cancellationToken)
            is { } found
            ? MigrationView.From(found)
            : MigrationErrors.NotFound;
}
