using Ardalis.Result;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Sequences;

/// <summary>A published version of one of the caller's sequences, with its steps.</summary>
/// <param name="Id">Which sequence.</param>
/// <param name="Version">The version's number.</param>
public sealed record GetVersion(SequenceId Id, int Version) : IQuery<VersionView>;

internal sealed class GetVersionHandler(IReadDb db) : IQueryHandler<GetVersion, VersionView>
{
    public async Task<Result<VersionView>> Handle(GetVersion query, CancellationToken cancellationToken)
    {
        if (await db.Sequences.SingleOrDefaultAsync(s => s.Id == query.Id, cancellationToken) is not { } sequence)
        {
            return SequenceErrors.NotFound;
        }

        var version = await db.Versions.SingleOrDefaultAsync(v => v.SequenceId == query.Id && v.Number == query.Version, cancellationToken);
        if (version is null)
        {
            return SequenceErrors.VersionNotFound;
        }

        var counts = await db.CountByVersion(query.Id, [version.Number], cancellationToken);
        return new VersionView(
            version.Number,
            version.Number == sequence.CurrentVersion,
            version.PublishedAt,
            [.. version.Steps.Select(StepInput.From)],
            counts[version.Number].Counts()
        );
    }
}
