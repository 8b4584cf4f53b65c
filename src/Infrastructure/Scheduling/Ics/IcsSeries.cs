using Ical.Net.Evaluation;
using NodaTime;

namespace FollowUp.Infrastructure.Scheduling.Ics;

/// <summary>
/// The events with one UID: a series, and the events that replace or cancel some of its occurrences (RFC 5545, section 3.8.4.4). An event without a
/// UID is a separate series.
/// </summary>
internal sealed class IcsSeries(IReadOnlyList<IcsEvent> events, LocalDate to, IcsBudget budget)
{
    /// <summary>The number of periods that Ical.Net searches for a match of a rule that never matches.</summary>
    private const int MaxUnmatchedPeriods = 1_000;

    public List<int> IneffectiveExclusions { get; } = [];

    /// <summary>The occurrences up to the last day: the event of each, and its start in that event's local time.</summary>
    public IEnumerable<(IcsEvent Event, LocalDateTime Start)> Occurrences()
    {
        var masters = Masters();
        var replacements = events
            .Where(e => e.RecurrenceId is not null)
            .GroupBy(e => (Key(e, masters), e.ReplacesFollowing))
            .Select(same => same.OrderBy(e => e.Sequence).Last())
            .ToList();
        if (masters.Count == 0)
        {
            // The file contains only the changed occurrences of a series; a cancelled series has none.
            return events.Any(e => e.RecurrenceId is null) ? [] : replacements.Where(e => !e.IsCancelled).Select(e => (e, e.First));
        }

        var single = replacements.Where(e => !e.ReplacesFollowing).ToList();
        var following = new SortedList<LocalDateTime, IcsEvent>(
            replacements.Where(e => e.ReplacesFollowing).ToDictionary(e => Key(e, masters))
        );
        var replaced = single.Select(e => Key(e, masters)).ToHashSet();
        return masters
            .SelectMany(master => Expand(master).Select(start => (Master: master, Start: start)))
            .Where(o => !replaced.Contains(o.Start))
            .Select(o => Follow(o.Master, o.Start, following))
            .OfType<(IcsEvent, LocalDateTime)>()
            .Concat(single.Where(e => !e.IsCancelled).Select(e => (e, e.First)));
    }

    // An event with a lower SEQUENCE is a superseded revision. If a file has several events with one UID and the same SEQUENCE, all of them are
    // valid.
    private List<IcsEvent> Masters()
    {
        var all = events.Where(e => e.RecurrenceId is null).ToList();
        if (all.Count == 0)
        {
            return [];
        }

        var newest = all.Max(e => e.Sequence);
        var current = all.Where(e => e.Sequence == newest).ToList();
        var cancelled = current.Where(e => e.IsCancelled).Select(e => e.First).ToHashSet();
        return [.. current.Where(e => !e.IsCancelled && !cancelled.Contains(e.First))];
    }

    private static LocalDateTime Key(IcsEvent replacement, List<IcsEvent> masters)
    {
        var id = replacement.RecurrenceId!.Value;
        if (masters.Count == 0)
        {
            return replacement.ToLocal(id);
        }

        var key = masters[0].ToLocal(id);
        // A date refers to the occurrence on that day.
        return id.IsDate ? key.Date.At(masters[0].First.TimeOfDay) : key;
    }

    /// <summary>Moves an occurrence according to the last "this and all following" replacement before it; returns null if that cancels it.</summary>
    private static (IcsEvent Event, LocalDateTime Start)? Follow(
        IcsEvent master,
        LocalDateTime start,
        SortedList<LocalDateTime, IcsEvent> following
    )
    {
        var last = LastNotAfter(following.Keys, start);
        if (last < 0)
        {
            return (master, start);
        }

        var replacement = following.Values[last];
        if (replacement.IsCancelled)
        {
            return null;
        }

        var shift = Period.Between(following.Keys[last], replacement.First, PeriodUnits.Days | PeriodUnits.Seconds);
        return (replacement, start + shift);
    }

    /// <summary>Binary search: a file may have thousands of replacements and a hundred thousand occurrences.</summary>
    private static int LastNotAfter(IList<LocalDateTime> keys, LocalDateTime start)
    {
        var (low, high) = (0, keys.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = keys[middle] <= start ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    private List<LocalDateTime> Expand(IcsEvent master)
    {
        var end = to.At(LocalTime.Midnight).PlusDays(1);
        SortedSet<LocalDateTime> starts = master.Rules.Count == 0 ? [master.First] : [];
        foreach (var rule in master.Rules)
        {
            budget.Spend(rule.Candidates(master.First, end), master.Line);
            starts.UnionWith(Recur(master, rule, end));
        }

        budget.Spend(master.Additions.Count + master.Exclusions.Count, master.Line);
        starts.UnionWith(master.Additions.Select(master.ToLocal));
        Exclude(master, starts, end);
        return [.. starts.Where(start => start < end)];
    }

    private void Exclude(IcsEvent master, SortedSet<LocalDateTime> starts, LocalDateTime end)
    {
        var byDay = master.Exclusions.Exists(exclusion => exclusion.Time.IsDate) ? starts.ToLookup(start => start.Date) : null;
        HashSet<LocalDateTime> gone = [];
        foreach (var (time, line) in master.Exclusions)
        {
            var excluded = master.ToLocal(time);
            LocalDateTime[] matched = time.IsDate ? [.. byDay![excluded.Date]] : [excluded];
            gone.UnionWith(matched.Where(starts.Remove));
            if (!matched.Any(gone.Contains) && excluded < end)
            {
                IneffectiveExclusions.Add(line);
            }
        }
    }

    private List<LocalDateTime> Recur(IcsEvent master, IcsRule rule, LocalDateTime end)
    {
        var text = $"""
            BEGIN:VCALENDAR
            BEGIN:VEVENT
            DTSTART:{master.First.ToString("uuuuMMdd'T'HHmmss", null)}
            RRULE:{rule.Text}
            END:VEVENT
            END:VCALENDAR

            """.ReplaceLineEndings("\r\n");
        List<LocalDateTime> starts = [];
        try
        {
            var parsed = Ical.Net.Calendar.Load(text)!.Events.Single()!;
            var options = new EvaluationOptions { MaxUnmatchedIncrementsLimit = MaxUnmatchedPeriods };
            foreach (var occurrence in parsed.GetOccurrences(null, options))
            {
                var start = LocalDateTime.FromDateTime(occurrence.Period.StartTime.Value);
                if (start >= end)
                {
                    break;
                }

                budget.Spend(1, master.Line);
                starts.Add(start);
            }
        }
        catch (EvaluationLimitExceededException)
        {
            throw new IcsFormatException(master.Line, "begins an event whose rule never matches");
        }
        catch (Exception failure) when (failure is not IcsFormatException and not OperationCanceledException)
        {
            // The library's message refers to its own types.
            throw new IcsFormatException(master.Line, "begins an event whose RRULE cannot be understood");
        }

        return starts;
    }
}
