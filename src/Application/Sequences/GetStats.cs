using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Sequences;

/// <summary>The funnel of one of the caller's sequences: what became of those who reached each step.</summary>
/// <param name="Id">Which one.</param>
/// <param name="From">The first day that counts, in UTC; null for all.</param>
/// <param name="To">The first day that counts no more, in UTC; null for none.</param>
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

/// <summary>A sequence's figures. Counts are of what happened in the time asked for, so a step can have more answers than sends in it.</summary>
/// <param name="SequenceId">The sequence.</param>
/// <param name="Version">The version asked for; null when all are counted.</param>
/// <param name="From">The first day that counts, in UTC.</param>
/// <param name="To">The first day that counts no more.</param>
/// <param name="Enrolled">Instances that were enrolled.</param>
/// <param name="Completed">Instances that went through all steps.</param>
/// <param name="Stopped">Instances that were stopped, by reason; every reason is there.</param>
/// <param name="Steps">
/// The steps, by version and place. Of a version that is no longer the current one, only when something happened in it; without
/// <paramref name="Version"/> of the newest 100 versions only.
/// </param>
public sealed record SequenceStats(
    Guid SequenceId,
    int? Version,
    DateOnly? From,
    DateOnly? To,
    long Enrolled,
    long Completed,
    IReadOnlyDictionary<string, long> Stopped,
    IReadOnlyList<StepStats> Steps
);

/// <summary>One step's figures.</summary>
/// <param name="Version">The version whose step it is.</param>
/// <param name="Index">Its place, counted from 0.</param>
/// <param name="Type">EMAIL, SMS or WAIT.</param>
/// <param name="Reached">Instances for which it became the next step.</param>
/// <param name="Counts">What became of them.</param>
/// <param name="MedianSeconds">
/// The median time from the step before it (or the enrolment) to its end, to within 2 %; null when nobody has passed it.
/// </param>
/// <param name="Variants">The same by variant; empty for a step without variants.</param>
public sealed record StepStats(
    int Version,
    int Index,
    string Type,
    long Reached,
    StepCounts Counts,
    double? MedianSeconds,
    IReadOnlyList<VariantStats> Variants
);

/// <summary>One variant's figures.</summary>
/// <param name="Name">The variant's name.</param>
/// <param name="Counts">What became of those who got it.</param>
public sealed record VariantStats(string Name, StepCounts Counts);

/// <summary>What happened at a step. Answers (from <paramref name="Delivered"/> on) are counted at the message that they answer.</summary>
/// <param name="Sent">Messages that a provider took.</param>
/// <param name="Skipped">Times that it was passed over.</param>
/// <param name="Completed">Waits that ended.</param>
/// <param name="Failed">Times that it was given up; after a retry by a person it can be sent all the same.</param>
/// <param name="Delivered">Messages that reached the mailbox.</param>
/// <param name="Opened">Messages that were opened.</param>
/// <param name="Clicked">Messages in which a link was followed.</param>
/// <param name="Bounced">Messages that came back, or whose address was refused.</param>
/// <param name="Complained">Messages that were marked as spam.</param>
/// <param name="Replied">Messages that were answered.</param>
/// <param name="Unsubscribed">Messages after which the person wanted no more.</param>
public sealed record StepCounts(
    long Sent,
    long Skipped,
    long Completed,
    long Failed,
    long Delivered,
    long Opened,
    long Clicked,
    long Bounced,
    long Complained,
    long Replied,
    long Unsubscribed
);

/// <summary>One row of the rollup: how often something happened at a step on a day. Made from the log by the database, in the transaction that writes the event.</summary>
public sealed class StepStat
{
    /// <summary>What <see cref="StepIndex"/> is for what is about the instance as a whole.</summary>
    public const int WholeInstance = -1;

    /// <summary>The metric under which times are counted.</summary>
    public const string Elapsed = "elapsed";

    /// <summary>The <see cref="Span"/> of a row that was added up for one day.</summary>
    public const string OfDay = "day";

    /// <summary>The <see cref="Span"/> of a row that was added up for one month.</summary>
    public const string OfMonth = "month";

    /// <summary>The <see cref="Span"/> of a row that was added up for all time.</summary>
    public const string OfAll = "all";

    /// <summary>The <see cref="Span"/> of a row that is not added to the others yet: it counts beside each of the three.</summary>
    public const string New = "new";

    /// <summary>How many buckets a factor of e has: each is 3 % wide.</summary>
    private const double BucketsPerE = 32;

    /// <summary>Whose it is.</summary>
    public OwnerId OwnerId { get; private init; }

    /// <summary>The sequence.</summary>
    public SequenceId SequenceId { get; private init; }

    /// <summary>The version's number.</summary>
    public int Version { get; private init; }

    /// <summary>The step's place, or <see cref="WholeInstance"/>.</summary>
    public int StepIndex { get; private init; }

    /// <summary>The variant's name; empty when there are none.</summary>
    public string Variant { get; private init; } = "";

    /// <summary>What it adds up: the same is counted once in each of <see cref="OfDay"/>, <see cref="OfMonth"/> and <see cref="OfAll"/>.</summary>
    public string Span { get; private init; } = "";

    /// <summary>The day, or the first one of the month, in UTC; without meaning for <see cref="OfAll"/>.</summary>
    public DateOnly Day { get; private init; }

    /// <summary>What happened: <c>sent</c>, <c>replied</c>, …, or <see cref="Elapsed"/>.</summary>
    public string Metric { get; private init; } = "";

    /// <summary>For <see cref="Elapsed"/>: which times, on a logarithmic scale; else 0.</summary>
    public int Bucket { get; private init; }

    /// <summary>How often.</summary>
    public long Count { get; private init; }

    /// <summary>The time in the middle of a bucket, in seconds.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <returns>Seconds.</returns>
    public static double Seconds(int bucket) => Math.Round((Math.Exp(bucket / BucketsPerE) - 1) / 1_000, 3);
}

internal sealed class GetStatsHandler(IReadDb db, IVersionShapes shapes) : IQueryHandler<GetStats, SequenceStats>
{
    /// <summary>The most versions whose steps one answer shows.</summary>
    private const int MostVersions = 100;

    public async Task<Result<SequenceStats>> Handle(GetStats query, CancellationToken cancellationToken)
    {
        if (await db.Sequences.SingleOrDefaultAsync(s => s.Id == query.Id, cancellationToken) is not { } sequence)
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
            return Result.Invalid(new ValidationError("version", $"must be from 1 to {sequence.CurrentVersion}"));
        }

        // Of versions that are not shown only what is about whole instances, for the totals.
        var oldest = versions[0].Number;
        var all = db.Stats.Where(s =>
            s.SequenceId == query.Id
            && (query.Version == null ? s.Version >= oldest || s.StepIndex == StepStat.WholeInstance : s.Version == query.Version)
        );
        var rows = StatSpans.Of(all, query.From, query.To);
        var sums = await rows.GroupBy(s => new
            {
                s.Version,
                s.StepIndex,
                s.Variant,
                s.Metric,
                s.Bucket,
            })
            .Select(g => new Sum(g.Key.Version, g.Key.StepIndex, g.Key.Variant, g.Key.Metric, g.Key.Bucket, g.Sum(s => s.Count)))
            .ToListAsync(cancellationToken);
        return Funnel.Of(query, sequence, versions, sums);
    }
}

/// <summary>Picks the rows that make up a time, of the longest spans that lie in it: a year of days is too much to add up at each question.</summary>
internal static class StatSpans
{
    public static IQueryable<StepStat> Of(IQueryable<StepStat> rows, DateOnly? from, DateOnly? to)
    {
        var days = rows.Where(s => s.Span == StepStat.OfDay);
        var added = Within(rows.Where(s => s.Span == StepStat.New), from, to);
        if (from is null && to is null)
        {
            return added.Concat(rows.Where(s => s.Span == StepStat.OfAll));
        }

        if (Months(from, to) is not var (first, last))
        {
            return added.Concat(Within(days, from, to));
        }

        added = added.Concat(Within(rows.Where(s => s.Span == StepStat.OfMonth), first, last));
        added = from < first ? added.Concat(Within(days, from, first)) : added;
        return last < to ? added.Concat(Within(days, last, to)) : added;
    }

    private static IQueryable<StepStat> Within(IQueryable<StepStat> rows, DateOnly? from, DateOnly? to)
    {
        rows = from is { } first ? rows.Where(s => s.Day >= first) : rows;
        return to is { } end ? rows.Where(s => s.Day < end) : rows;
    }

    /// <summary>The whole months in a time, from the first day of one to the first day of another; null when there are none.</summary>
    private static (DateOnly? First, DateOnly? Last)? Months(DateOnly? from, DateOnly? to)
    {
        DateOnly? last = to is { } t ? new(t.Year, t.Month, 1) : null;
        if (from is not { } f)
        {
            return (null, last);
        }

        if (f.Day > 1 && f is { Year: 9999, Month: 12 })
        {
            return null;
        }

        var first = f.Day == 1 ? f : new DateOnly(f.Year, f.Month, 1).AddMonths(1);
        return last is null || first < last ? (first, last) : null;
    }
}

/// <summary>How often something happened, summed over the days asked for.</summary>
internal sealed record Sum(int Version, int StepIndex, string Variant, string Metric, int Bucket, long Count);

/// <summary>Makes a funnel of sums.</summary>
internal static class Funnel
{
    public static SequenceStats Of(GetStats query, Sequence sequence, List<VersionShape> versions, List<Sum> sums)
    {
        var happenedIn = sums.Select(s => s.Version).ToHashSet();
        var byStep = sums.ToLookup(s => (s.Version, s.StepIndex));
        return new(
            sequence.Id.Value,
            query.Version,
            query.From,
            query.To,
            Count(sums, "enrolled"),
            sums.Where(s => s is { Metric: "completed", StepIndex: StepStat.WholeInstance }).Sum(s => s.Count),
            Words.All<Domain.Instances.StopReason>().ToDictionary(reason => reason, reason => Count(sums, $"stopped.{reason}")),
            [
                .. versions
                    .Where(v => v.Number == sequence.CurrentVersion || v.Number == query.Version || happenedIn.Contains(v.Number))
                    .SelectMany(v => v.Steps.Select((step, index) => Step(v.Number, index, step, byStep))),
            ]
        );
    }

    private static StepStats Step(int version, int index, Step step, ILookup<(int, int), Sum> byStep)
    {
        var here = byStep[(version, index)].ToList();
        // An instance comes to a step by being enrolled, by finishing the step before it, or by being moved there.
        var reached =
            (
                index == 0
                    ? Count(byStep[(version, StepStat.WholeInstance)], "enrolled")
                    : byStep[(version, index - 1)].Where(s => s.Metric is "sent" or "skipped" or "completed").Sum(s => s.Count)
            ) + Count(here, "migrated");
        return new(
            version,
            index,
            step.Type.ToString().ToUpperInvariant(),
            reached,
            Counts(here),
            Median([.. here.Where(s => s.Metric == StepStat.Elapsed).OrderBy(s => s.Bucket)]),
            [
                .. here.Where(s => s.Variant.Length > 0)
                    .GroupBy(s => s.Variant)
                    .OrderBy(v => v.Key, StringComparer.Ordinal)
                    .Select(v => new VariantStats(v.Key, Counts([.. v]))),
            ]
        );
    }

    private static StepCounts Counts(IReadOnlyCollection<Sum> sums) =>
        new(
            Count(sums, "sent"),
            Count(sums, "skipped"),
            Count(sums, "completed"),
            Count(sums, "failed"),
            Count(sums, "delivered"),
            Count(sums, "opened"),
            Count(sums, "clicked"),
            Count(sums, "bounced"),
            Count(sums, "complained"),
            Count(sums, "replied"),
            Count(sums, "unsubscribed")
        );

    private static long Count(IEnumerable<Sum> sums, string metric) => sums.Where(s => s.Metric == metric).Sum(s => s.Count);

    private static double? Median(List<Sum> buckets)
    {
        var middle = (buckets.Sum(b => b.Count) + 1) / 2;
        foreach (var bucket in buckets)
        {
            middle -= bucket.Count;
            if (middle <= 0)
            {
                return StepStat.Seconds(bucket.Bucket);
            }
        }

        return null;
    }
}
