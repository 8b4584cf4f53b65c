namespace FollowUp.Application.Sequences;

/// <summary>A published version of one of the caller's sequences, with its steps.</summary>
public sealed record GetVersion(SequenceId Id, int Version) : IQuery<VersionView>;

internal sealed class GetVersionHandler(IReadDb db, IInstanceCounts counts) : IQueryHandler<GetVersion, VersionView>
{
    public async Task<Result<VersionView>> Handle(GetVersion query, CancellationToken cancellationToken)
    {
        if (await db.Of<Sequence>().SingleOrDefaultAsync(s => s.Id == query.Id, cancellationToken) is not { } sequence)
        {
            return SequenceErrors.NotFound;
        }

        var version = await db.Of<SequenceVersion>()
            .SingleOrDefaultAsync(v => v.SequenceId == query.Id && v.Number == query.Version, cancellationToken);
        if (version is null)
        {
            return SequenceErrors.VersionNotFound;
        }

        var byVersion = await counts.ByVersion(query.Id, [version.Number], cancellationToken);
        return new VersionView(
            version.Number,
            version.Number == sequence.CurrentVersion,
            version.PublishedAt,
            [.. version.Steps.Select(StepInput.From)],
            byVersion[version.Number].Counts()
        );
    }
}
