namespace FollowUp.Application.Instances;

/// <summary>The caller's statistics by day.</summary>
/// <param name="Id">Only this sequence; null for all.</param>
/// <param name="From">The first day, in UTC; by default 30 days before <paramref name="To"/>.</param>
/// <param name="To">The day after the last day, in UTC; by default tomorrow.</param>
public sealed record GetDailyStats(SequenceId? Id, DateOnly? From, DateOnly? To) : IQuery<DailyStats>;

internal sealed class GetDailyStatsValidator : AbstractValidator<GetDailyStats>
{
    public GetDailyStatsValidator()
    {
        RuleFor(query => query.To).GreaterThan(query => query.From).When(query => query.From is not null).WithMessage("must be after from");
        RuleFor(query => query.To)
            .Must(
                (query, to) =>
                    to is null || query.From is not { } from || to.Value.DayNumber - from.DayNumber <= GetDailyStatsHandler.MostDays
            )
            .WithMessage($"must be at most {GetDailyStatsHandler.MostDays} days after from");
        RuleFor(query => query.To).GreaterThan(DateOnly.MinValue).WithMessage($"must be after {DateOnly.MinValue:O}");
    }
}

internal sealed class GetDailyStatsHandler(IReadDb db, IStepStatistics statistics, IDatabaseClock clock)
    : IQueryHandler<GetDailyStats, DailyStats>
{
    /// <summary>The maximum number of days in a response.</summary>
    public const int MostDays = 366;

    private const int DaysByDefault = 30;

    public async Task<Result<DailyStats>> Handle(GetDailyStats query, CancellationToken cancellationToken)
    {
        if (query.Id is { } id && !await db.Of<Sequence>().AnyAsync(s => s.Id == id, cancellationToken))
        {
            return SequenceErrors.NotFound;
        }

        var (from, to) = Period(query, DateOnly.FromDateTime((await clock.Now(cancellationToken)).UtcDateTime));
        if (from >= to || to.DayNumber - from.DayNumber > MostDays)
        {
            return Error.Invalid("from", $"must be one of the last {MostDays} days unless to is given");
        }

        var counts = (await statistics.Daily(query.Id, from, to, cancellationToken)).ToLookup(metric => metric.Day);
        return new DailyStats(
            query.Id?.Value,
            from,
            to,
            [.. Enumerable.Range(0, to.DayNumber - from.DayNumber).Select(i => Of(from.AddDays(i), counts[from.AddDays(i)]))]
        );
    }

    private static (DateOnly From, DateOnly To) Period(GetDailyStats query, DateOnly today)
    {
        var to = query.To ?? (today < DateOnly.MaxValue ? today.AddDays(1) : today);
        return (query.From ?? DateOnly.FromDayNumber(Math.Max(0, to.DayNumber - DaysByDefault)), to);
    }

    private static DayStats Of(DateOnly day, IEnumerable<DayMetric> metrics)
    {
        var sums = metrics.ToList();
        var whole = sums.Where(metric => metric.IsWholeInstance).ToList();
        return new(
            day,
            Sum(whole, "enrolled"),
            Sum(whole, "completed"),
            whole.Where(metric => metric.Metric.StartsWith("stopped.", StringComparison.Ordinal)).Sum(metric => metric.Count),
            StepCounts.Of(name => Sum(sums.Where(metric => !metric.IsWholeInstance), name))
        );
    }

    private static long Sum(IEnumerable<DayMetric> metrics, string name) =>
        metrics.Where(metric => metric.Metric == name).Sum(metric => metric.Count);
}
