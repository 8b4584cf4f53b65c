namespace FollowUp.Application.Instances;

/// <summary>The funnel of one of the caller's sequences: the outcomes at each step.</summary>
/// <param name="From">The first day to count, in UTC; null for no bound.</param>
/// <param name="To">The first day no longer counted, in UTC; null for no bound.</param>
/// <param name="Version">Only this version; null for all.</param>
public sealed record GetStats(SequenceId Id, DateOnly? From, DateOnly? To, int? Version) : IQuery<SequenceStats>;

internal sealed class GetStatsValidator : AbstractValidator<GetStats>
{
    public GetStatsValidator()
    {
        RuleFor(query => query.To).GreaterThan(query => query.From).When(query => query.From is not null).WithMessage("must be after from");
        RuleFor(query => query.Version).GreaterThan(0).WithMessage("must be 1 or more");
    }
}

internal sealed class GetStatsHandler(IReadDb db, IVersionShapes shapes, IStepStatistics statistics)
    : IQueryHandler<GetStats, SequenceStats>
{
    /// <summary>The maximum number of versions whose steps a response shows.</summary>
    private const int MostVersions = 100;

    public async Task<Result<SequenceStats>> Handle(GetStats query, CancellationToken cancellationToken)
    {
        if (await db.Of<Sequence>().SingleOrDefaultAsync(s => s.Id == query.Id, cancellationToken) is not { } sequence)
        {
            return SequenceErrors.NotFound;
        }

        var before = query.Version is { } asked and < int.MaxValue ? asked + 1 : int.MaxValue;
        var most = query.Version is null ? MostVersions : 1;
        var versions = (await shapes.Newest(query.Id, before, most, cancellationToken))
            .Where(v => query.Version is null || v.Number == query.Version)
            .Reverse()
            .ToList();
        if (versions.Count == 0)
        {
            return Error.Invalid("version", $"must be from 1 to {sequence.CurrentVersion}");
        }

        var counts = await statistics.Read(query.Id, query.Version, versions[0].Number, query.From, query.To, cancellationToken);
        return Funnel.Of(query, sequence, versions, counts);
    }
}
