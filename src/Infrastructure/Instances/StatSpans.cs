namespace FollowUp.Infrastructure.Instances;

/// <summary>Picks the rows that cover a period, using the longest spans in it: summing up a year of days at each query is too slow.</summary>
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

    /// <summary>The whole months in a period, from the first day of the first to the first day of the last; null when there are none.</summary>
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
