using CsCheck;
using FollowUp.Domain.Scheduling;

namespace FollowUp.UnitTests.Scheduling;

/// <summary>Compares placements over long closures with a walk that looks at each day.</summary>
public sealed class ClosedDaysProperties
{
    private static readonly DateOnly Start = new(2026, 3, 2);
    private static readonly string?[] Names = [null, "A", "B", "C", "D", "A, B"];

    /// <summary>Dates in runs of up to 200 days, with gaps of at most 3 days between them.</summary>
    private static readonly Gen<CalendarDay[]> Calendars = Gen.Select(Gen.Int[1, 200], Gen.Int[0, 3], Gen.Int[1, 4])
        .Array[0, 12]
        .SelectMany(runs => Gen.Int[0, Names.Length - 1].Array[runs.Sum(run => run.Item1)].Select(names => Days(runs, names).ToArray()));

    private static readonly Gen<Case> Cases = Gen.Select(
        Gen.Int[0, 127],
        Calendars,
        Gen.Int[0, 100],
        (weekdays, calendar, day) => new Case(weekdays == 0 ? null : (Weekdays)weekdays, calendar, Start.AddDays(day))
    );

    [Fact]
    public void A_placement_equals_a_walk_over_each_day() =>
        Cases.Sample(
            each =>
            {
                var plan = new Schedule("Etc/UTC", null, each.Weekdays, null, null, null).For(null, new Holidays(each.Calendar));

                var placed = plan.Place(Noon(each.Day));

                var runs = each.ClosedRuns();
                var opens = runs.Count == 0 ? each.Day : runs[^1].End;
                placed.Opens.ShouldBe(opens <= each.Last);
                var to = placed.Opens
                    ? (runs.Count == 0 ? Noon(each.Day) : Midnight(opens))
                    : Noon(each.Day).AddDays(SendingPlan.HorizonDays);
                placed.At.ShouldBe(to);
                placed.Moves.Count.ShouldBe(Math.Min(runs.Count, SendingPlan.MostReasons));
                for (var i = 0; i < placed.Moves.Count; i++)
                {
                    var isLast = i == placed.Moves.Count - 1;
                    var run = isLast ? runs[^1] : runs[i];
                    (placed.Moves[i].Reason, placed.Moves[i].Name).ShouldBe((run.Reason, run.Names));
                    // The last reason but one ends where the last run begins, whether or not reasons between them are left out.
                    placed.Moves[i].To.ShouldBe(isLast ? to : Midnight(i == placed.Moves.Count - 2 ? runs[^2].End : run.End));
                }
            },
            iter: 2_000
        );

    private static IEnumerable<CalendarDay> Days((int Length, int Gap, int Alike)[] runs, int[] names)
    {
        var (day, i) = (Start, 0);
        foreach (var (length, gap, alike) in runs)
        {
            for (var left = length; left > 0; left--, day = day.AddDays(1), i++)
            {
                // Several days in a row have the same name.
                yield return new(day, Names[names[i - (i % alike)]]);
            }

            day = day.AddDays(gap);
        }
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, default, TimeSpan.Zero);

    private static DateTimeOffset Noon(DateOnly day) => new(day, new TimeOnly(12, 0), TimeSpan.Zero);

    private sealed record ClosedRun(MoveReason Reason, DateOnly End, string? Names);

    private sealed record Case(Weekdays? Weekdays, CalendarDay[] Calendar, DateOnly Day)
    {
        /// <summary>The search begins on the day before.</summary>
        public DateOnly Last => Day.AddDays(SendingPlan.HorizonDays - 1);

        /// <summary>The simple implementation.</summary>
        public List<ClosedRun> ClosedRuns()
        {
            var calendar = Calendar.ToDictionary(day => day.Date);
            List<ClosedRun> runs = [];
            for (var day = Day; day <= Last && Closed(calendar, day) is { } reason; day = day.AddDays(1))
            {
                var (before, isSame) = runs is [.., var last] ? (last.Names, last.Reason == reason) : (null, false);
                var names = Joined(isSame ? before : null, reason == MoveReason.Holiday ? calendar[day].Name : null);
                runs = [.. isSame ? runs.SkipLast(1) : runs, new(reason, day.AddDays(1), names)];
            }

            return runs;
        }

        private static string? Joined(string? names, string? name)
        {
            var events = names?.Split(", ") ?? [];
            return name is null || name == names || events.Length >= CalendarDay.MaxNames || events.Contains(name)
                ? names
                : string.Join(", ", [.. events, name]);
        }

        private MoveReason? Closed(Dictionary<DateOnly, CalendarDay> calendar, DateOnly day) =>
            Weekdays is { } weekdays && !weekdays.HasFlag(Enum.Parse<FollowUp.Domain.Scheduling.Weekdays>(day.DayOfWeek.ToString()))
                ? (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? MoveReason.Weekend : MoveReason.Day)
            : calendar.ContainsKey(day) ? MoveReason.Holiday
            : null;
    }
}
