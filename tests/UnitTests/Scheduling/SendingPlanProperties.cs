using CsCheck;
using FollowUp.Domain.Scheduling;
using NodaTime;

namespace FollowUp.UnitTests.Scheduling;

/// <summary>
/// Properties for every time zone, every schedule and every instant from 2024 to 2030. Half of the instants are within a few hours of a change of the
/// local time, where errors are likely. An independent, simpler implementation checks the rules: the time that the local clock shows.
/// </summary>
public sealed class SendingPlanProperties
{
    private static readonly Instant Start = Instant.FromUtc(2024, 1, 1, 0, 0);
    private static readonly Instant End = Instant.FromUtc(2031, 1, 1, 0, 0);
    private static readonly DateTimeZone[] Zones = [.. DateTimeZoneProviders.Tzdb.Ids.Select(id => DateTimeZoneProviders.Tzdb[id])];

    private static readonly Gen<LocalTime> Times = Gen.Int[0, 95].Select(quarter => new LocalTime(quarter / 4, quarter % 4 * 15));

    private static readonly Gen<Case> Cases = Gen.Select(
        Gen.Int[0, Zones.Length - 1].Select(i => Zones[i]),
        Maybe(Gen.Int[1, 127].Select(bits => bits > 80 ? Weekdays.MondayToFriday : (Weekdays)bits)),
        Maybe(Gen.Select(Times, Times).Where(window => window.Item1 != window.Item2)),
        Gen.Int[0, 2_556].HashSet[0, 60],
        Maybe(Times),
        Gen.Double[0, 1],
        Gen.Select(Gen.Bool, Gen.Int[0, 5], Gen.Int[-5 * 3600, 5 * 3600]),
        (zone, days, window, holidays, at, where, near) =>
        {
            var any = Start + ((End - Start) * where);
            var part = zone.GetZoneInterval(any);
            var due = near.Item1 && part.HasEnd && part.End < End ? part.End + Duration.FromSeconds(near.Item3) : any;
            return new Case(zone, days, window, [.. holidays.Select(new DateOnly(2024, 1, 1).AddDays)], at, due.ToDateTimeOffset());
        }
    );

    private static Gen<T?> Maybe<T>(Gen<T> some)
        where T : struct => Gen.Select(Gen.Int[0, 9], some, (chance, value) => chance < 3 ? null : (T?)value);

    [Fact]
    public void A_placed_instant_is_inside_the_window_not_earlier_than_requested_and_stable() =>
        Cases.Sample(
            each =>
            {
                var placed = each.Plan.Place(each.Due, each.At);

                placed.Opens.ShouldBeTrue();
                placed.At.ShouldBeGreaterThanOrEqualTo(each.Due);
                each.Allows(placed.At).ShouldBeTrue();
                each.Plan.IsOpen(placed.At).ShouldBeTrue();
                var again = each.Plan.Place(placed.At, each.At);
                (again.At, again.Moves.Count).ShouldBe((placed.At, 0));
                (placed.Moves.Count == 0).ShouldBe(placed.At == each.Due);
                if (placed.Moves.Count > 0)
                {
                    placed.Moves[^1].To.ShouldBe(placed.At);
                    placed.Moves.Select(m => m.To).ShouldBeInOrder();
                }
            },
            iter: 3_000
        );

    [Fact]
    public void No_allowed_instant_precedes_the_placed_one() =>
        Gen.Select(Cases, Gen.Double[0, 1].Array[20])
            .Sample(
                (each, where) =>
                {
                    var placed = each.Plan.Place(each.Due).At;
                    foreach (var part in where)
                    {
                        var between = each.Due + ((placed - each.Due) * part);
                        (between < placed && each.Allows(between)).ShouldBeFalse($"{between:O} is allowed, {placed:O} was given");
                        each.Plan.IsOpen(between).ShouldBe(each.Allows(between));
                    }
                },
                iter: 1_500
            );

    [Fact]
    public void A_later_instant_is_never_placed_earlier() =>
        Gen.Select(Cases, Gen.Int[0, 400_000])
            .Sample(
                (each, later) =>
                    each
                        .Plan.Place(each.Due.AddSeconds(later), each.At)
                        .At.ShouldBeGreaterThanOrEqualTo(each.Plan.Place(each.Due, each.At).At),
                iter: 3_000
            );

    [Fact]
    public void A_local_time_is_exact_to_the_second_or_the_first_instant_after_a_skipped_time() =>
        Cases.Sample(
            each =>
            {
                if (each.At is not { } at || each.Window is not null)
                {
                    return;
                }

                var placed = Instant.FromDateTimeOffset(each.Plan.Place(each.Due, at).At);

                var shown = placed.InZone(each.Zone).LocalDateTime;
                if (shown.TimeOfDay != at)
                {
                    each.Zone.MapLocal(shown.Date + at).Count.ShouldBe(0);
                    placed.ShouldBe(each.Zone.MapLocal(shown.Date + at).EarlyInterval.End);
                }
                else
                {
                    placed.ShouldBe(each.Zone.MapLocal(shown).First().ToInstant());
                }
            },
            iter: 3_000
        );

    [Fact]
    public void Business_days_have_the_requested_number_and_exclude_days_off() =>
        Gen.Select(Cases, Gen.Int[1, 40])
            .Sample(
                (each, count) =>
                {
                    var due = each.Plan.AddBusinessDays(each.Due, count);

                    var (from, to) = (each.Local(each.Due).Date, each.Local(due).Date);
                    Enumerable.Range(1, Period.DaysBetween(from, to)).Count(i => each.IsBusinessDay(from.PlusDays(i))).ShouldBe(count);
                    each.IsBusinessDay(to).ShouldBeTrue();
                },
                iter: 1_500
            );

    [Fact]
    public void Subtracted_business_days_are_counted_back_to_the_latest_day() =>
        Gen.Select(Cases, Gen.Int[1, 40])
            .Sample(
                (each, count) =>
                {
                    var began = each.Plan.SubtractBusinessDays(each.Due, count);

                    var (from, to) = (each.Local(began).Date, each.Local(each.Due).Date);
                    Enumerable.Range(1, Period.DaysBetween(from, to)).Count(i => each.IsBusinessDay(from.PlusDays(i))).ShouldBe(count);
                    each.IsBusinessDay(from.PlusDays(1)).ShouldBeTrue();
                    if (each.Local(began).TimeOfDay == each.Local(each.Due).TimeOfDay)
                    {
                        each.Plan.AddBusinessDays(began, count).ShouldBeLessThanOrEqualTo(each.Due);
                    }
                },
                iter: 1_500
            );

    [Fact]
    public void Every_DST_change_of_every_zone_terminates()
    {
        var changes = 0;
        foreach (var zone in Zones)
        {
            var plan = new Schedule(zone.Id, null, null, new(0, 30), new(3, 0), null).For(null, Holidays.None);
            foreach (var part in zone.GetZoneIntervals(new Interval(Start, End)).Where(p => p.HasStart && p.Start > Start))
            {
                changes++;
                var due = (part.Start - Duration.FromHours(30)).ToDateTimeOffset();
                var days = 0;
                for (var end = due.AddDays(3); due < end; days++)
                {
                    due = plan.Place(due, new LocalTime(2, 30)).At.AddTicks(1);
                }

                days.ShouldBeInRange(3, 4, $"{zone.Id} at {part.Start}");
            }
        }

        changes.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public void Time_zones_come_from_the_package_and_not_from_the_machine() =>
        // Raised with the package, by a commit that says so: a zone that changes its rules moves what waits in it.
        Schedule.TzdbVersion.ShouldStartWith("TZDB: 2026f");

    private sealed record Case(
        DateTimeZone Zone,
        Weekdays? Days,
        (LocalTime From, LocalTime To)? Window,
        HashSet<DateOnly> ClosedDates,
        LocalTime? At,
        DateTimeOffset Due
    )
    {
        public SendingPlan Plan { get; } =
            new Schedule(Zone.Id, null, Days, Window?.From, Window?.To, null).For(
                null,
                new Holidays(ClosedDates.Select(date => new CalendarDay(date, null)))
            );

        public LocalDateTime Local(DateTimeOffset instant) => Instant.FromDateTimeOffset(instant).InZone(Zone).LocalDateTime;

        /// <summary>The independent implementation: whether the local clock shows a time within the schedule.</summary>
        public bool Allows(DateTimeOffset instant)
        {
            var shown = Local(instant);
            var (from, to) = Window ?? (LocalTime.Midnight, LocalTime.MaxValue);
            var (time, day) = (shown.TimeOfDay, shown.Date);
            return from < to ? time >= from && (time < to || Window is null) && IsOpenOn(day)
                : time >= from ? IsOpenOn(day)
                : time < to && IsOpenOn(day.PlusDays(-1));
        }

        public bool IsBusinessDay(LocalDate day) =>
            (Days ?? Weekdays.MondayToFriday).HasFlag(Bit(day)) && !ClosedDates.Contains(day.ToDateOnly());

        private bool IsOpenOn(LocalDate day) => (Days is not { } days || days.HasFlag(Bit(day))) && !ClosedDates.Contains(day.ToDateOnly());

        private static Weekdays Bit(LocalDate day) => Enum.Parse<Weekdays>(day.DayOfWeek.ToString());
    }
}
